/*
 * kernel_instruction_cost:INSTRUCTION: what one instruction costs in ring 0, timed there by the
 * core itself (private system call 4098). The windows are the core's, so no crossing is in them.
 */
#include <entrybench/cost.h>

#include "harness/bench.h"

#define SYS_EB_COST 4098
#define ENODEV	    19

/* What the context points to. */
static uint64_t which;

static uint64_t window(enum eb_cost_part part, uint64_t copies)
{
	timed_result = (uint64_t)sys_call(SYS_EB_COST, (long)which, part, (long)copies, 0, 0, 0);
	return timed_result;
}

static uint64_t whole(uint64_t copies, void *context)
{
	(void)context;
	return window(EB_COST_WHOLE, copies);
}

static uint64_t bare(uint64_t copies, void *context)
{
	(void)context;
	return window(EB_COST_BARE, copies);
}

static uint64_t nops(uint64_t copies, void *context)
{
	(void)context;
	return window(EB_COST_NOPS, copies);
}

static const struct loops loops = {.crossing = whole, .twin = nops, .bare = bare, .once = whole};

#define COST_PARAM(name, needs, count) {.text = #name, .value = EB_COST_##name},
static const struct bench_param params[] = {EB_COSTS(COST_PARAM)};

static struct verdict setup(struct run *run)
{
	which = run->options->value;
	if (2 * run->options->batch > EB_COST_COPIES)
		return bench_failed_with("--batch may be at most", EB_COST_COPIES / 2);
	switch (sys_call(SYS_EB_COST, (long)which, EB_COST_WHOLE, 1, 0, 0, 0)) {
	case -SYS_ENOSYS:
		return bench_unsupported("only this project's core can time ring 0");
	case -ENODEV:
		return bench_unsupported("this CPU or variant lacks the instruction");
	}
	return bench_ok();
}

static struct verdict check(struct run *run, uint64_t result)
{
	(void)run;
	return (int64_t)result >= 0 ? bench_ok()
				    : bench_failed_with("eb_cost returned", (int64_t)result);
}

const struct benchmark benchmark = {
    .name = "kernel_instruction_cost",
    .loops = &loops,
    .params = params,
    .param_count = sizeof(params) / sizeof(params[0]),
    .setup = setup,
    .check = check,
};
