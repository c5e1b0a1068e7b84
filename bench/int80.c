/*
 * int80: getppid through the 32-bit gate, INT 0x80, from 64-bit code.
 */
#include "harness/bench.h"
#include "harness/probe.h"

TIMED(int80_getppid, NOTHING, "mov $" TEXT_OF(SYS_INT80_GETPPID) ", %eax", "int $0x80", NOTHING);

static struct verdict setup(struct run *run)
{
	/* A kernel without signal handlers can only be tried. */
	if (probe_window(run->loops->once, run->context) == PROBE_FAULTS)
		return bench_unsupported("INT 0x80 faults: this kernel has no 32-bit emulation");
	run->loops->once(1, run->context);
	return (int)timed_result == -SYS_ENOSYS
		   ? bench_unsupported("INT 0x80 knows no getppid: 32-bit emulation is off")
		   : bench_ok();
}

static struct verdict check(struct run *run, uint64_t result)
{
	(void)run;
	if (result != (uint64_t)sys_call_int80(SYS_INT80_GETPPID, 0, 0, 0) || (int64_t)result < 0)
		return bench_failed_with("getppid returned", (int64_t)result);
	return bench_ok();
}

const struct benchmark benchmark = {
    .name = "int80",
    .own_entry = true,
    .loops = &int80_getppid,
    .setup = setup,
    .check = check,
};
