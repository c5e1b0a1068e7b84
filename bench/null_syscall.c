/*
 * null_syscall: the cheapest system call that a kernel must really serve, getppid.
 */
#include "harness/bench.h"

TIMED(getppid, NOTHING, "mov $" TEXT_OF(SYS_GETPPID) ", %eax", "syscall", NOTHING);

static struct verdict check(struct run *run, uint64_t result)
{
	(void)run;
	return bench_judge_getppid(result);
}

const struct benchmark benchmark = {
    .name = "null_syscall",
    .loops = &getppid,
    .check = check,
};
