/*
 * null_syscall: the cheapest system call that a kernel must really serve, getppid.
 */
#include "harness/bench.h"

TIMED(getppid, NOTHING, "mov $" TEXT_OF(SYS_GETPPID) ", %eax", "syscall", NOTHING);

static struct verdict check(struct run *run, uint64_t result)
{
	(void)run;
	if (!sys_reaches_kernel()) {
		bench_flag("no_kernel", 1, "SYSCALL returns without a kernel: only the crossing");
		return result == SYS_GETPPID
			   ? bench_ok()
			   : bench_failed_with("RAX came back as", (int64_t)result);
	}
	if (result != (uint64_t)sys_call(SYS_GETPPID, 0, 0, 0, 0, 0, 0) || (int64_t)result < 0)
		return bench_failed_with("getppid returned", (int64_t)result);
	return bench_ok();
}

const struct benchmark benchmark = {
    .name = "null_syscall",
    .loops = &getppid,
    .check = check,
};
