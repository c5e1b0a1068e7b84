/*
 * work_syscall:KIND: getppid of a task that has work pending at every entry, so that the kernel
 * leaves its fast path. `user-dispatch`: Linux' syscall user dispatch, switched on with a selector
 * byte that lets each call pass.
 */
#include "harness/bench.h"

enum { SET_USER_DISPATCH = 59, DISPATCH_ON = 1 };

TIMED(with_work, NOTHING, "mov $" TEXT_OF(SYS_GETPPID) ", %eax", "syscall", NOTHING);

static const struct bench_param params[] = {{.text = "user-dispatch"}};

static char selector; /* 0: allow */

static struct verdict setup(struct run *run)
{
	(void)run;
	if (sys_call(SYS_PRCTL, SET_USER_DISPATCH, DISPATCH_ON, 0, 0, (long)&selector, 0) != 0)
		return bench_unsupported("this kernel has no syscall user dispatch");
	return bench_ok();
}

static struct verdict check(struct run *run, uint64_t result)
{
	(void)run;
	return bench_judge_getppid(result);
}

const struct benchmark benchmark = {
    .name = "work_syscall",
    .params = params,
    .param_count = sizeof(params) / sizeof(params[0]),
    .loops = &with_work,
    .setup = setup,
    .check = check,
};
