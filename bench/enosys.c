/*
 * enosys: a system call number that no kernel has, so that nothing but entry, dispatch and exit is
 * timed.
 */
#include "harness/bench.h"

TIMED(unknown_call, NOTHING, "mov $" TEXT_OF(SYS_UNKNOWN) ", %eax", "syscall", NOTHING);

static struct verdict setup(struct run *run)
{
	(void)run;
	return sys_reaches_kernel() ? bench_ok()
				    : bench_unsupported("SYSCALL reaches no kernel here");
}

static struct verdict check(struct run *run, uint64_t result)
{
	(void)run;
	return result == (uint64_t)-SYS_ENOSYS
		   ? bench_ok()
		   : bench_failed_with("an unknown system call should return -38 (ENOSYS), not",
				       (int64_t)result);
}

const struct benchmark benchmark = {
    .name = "enosys",
    .loops = &unknown_call,
    .setup = setup,
    .check = check,
};
