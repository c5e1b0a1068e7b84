/*
 * vsyscall: time(NULL) through the old fixed address, which kernels now emulate in their page fault
 * handler.
 */
#include "harness/bench.h"
#include "harness/probe.h"

/* Its second slot, for good (Linux: uapi/asm/vsyscall.h). */
static const uint64_t vsyscall_time = 0xffffffffff600400;

TIMED(call_vsyscall, NOTHING, "xor %edi, %edi", "call *(%rbx)", NOTHING);

static struct verdict setup(struct run *run)
{
	run->context = (void *)&vsyscall_time;
	switch (probe_window(run->loops->once, run->context)) {
	case PROBE_UNKNOWN:
		return bench_unsupported(
		    "this kernel cannot say whether it has a vsyscall page: it "
		    "has no signal handlers");
	case PROBE_FAULTS:
		return bench_unsupported("this kernel has no vsyscall page");
	case PROBE_WORKS:
		break;
	}
	return bench_ok();
}

static struct verdict check(struct run *run, uint64_t result)
{
	uint64_t now = (uint64_t)sys_call(SYS_TIME, 0, 0, 0, 0, 0, 0);

	(void)run;
	return result + 1 >= now && result <= now
		   ? bench_ok()
		   : bench_failed_with("the vsyscall's time is not the kernel's but",
				       (int64_t)result);
}

const struct benchmark benchmark = {
    .name = "vsyscall",
    .loops = &call_vsyscall,
    .setup = setup,
    .check = check,
};
