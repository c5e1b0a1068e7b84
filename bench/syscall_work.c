/*
 * syscall_work:KIND: getppid of a task with work pending at the border: none (the fast path), on
 * entry, on exit, or at both, as for a task that is traced.
 */
#include "harness/bench.h"
#include "harness/mechanism.h"

TIMED(with_work, NOTHING, "mov $" TEXT_OF(SYS_GETPPID) ", %eax", "syscall", NOTHING);

static const struct bench_param params[] = {
    {.text = "none", .value = 0},
    {.text = "entry", .value = EB_WORK_ENTRY},
    {.text = "exit", .value = EB_WORK_EXIT},
    {.text = "both", .value = EB_WORK_ENTRY | EB_WORK_EXIT},
};

static struct verdict setup(struct run *run)
{
	if (!sys_reaches_kernel())
		return bench_unsupported("SYSCALL reaches no kernel here");
	if (eb_mechanism(EB_MECHANISM_WORK, (long)run->options->value, 0) != 0)
		return bench_unsupported("only this project's core has work pending on request");
	return bench_ok();
}

static struct verdict check(struct run *run, uint64_t result)
{
	(void)run;
	return bench_judge_getppid(result);
}

const struct benchmark benchmark = {
    .name = "syscall_work",
    .params = params,
    .param_count = sizeof(params) / sizeof(params[0]),
    .setup = setup,
    .check = check,
    .loops = &with_work,
};
