/*
 * kernel_price:INSTRUCTION: what one instruction costs in ring 0, timed there by the core itself (private system call 4098).
 * The windows are the core's, so no crossing is in them.
 */
#include <entrybench/price.h>

#include "harness/bench.h"

#define SYS_EB_PRICE 4098
#define ENODEV	     19

/* What the context points to. */
static uint64_t price;

static uint64_t window(enum eb_price_part part, uint64_t copies)
{
	timed_result = (uint64_t)sys_call(SYS_EB_PRICE, (long)price, part, (long)copies, 0, 0, 0);
	return timed_result;
}

static uint64_t priced(uint64_t copies, void *context)
{
	(void)context;
	return window(EB_PRICE_PRICED, copies);
}

static uint64_t bare(uint64_t copies, void *context)
{
	(void)context;
	return window(EB_PRICE_BARE, copies);
}

static uint64_t nops(uint64_t copies, void *context)
{
	(void)context;
	return window(EB_PRICE_NOPS, copies);
}

static const struct loops loops = {.crossing = priced, .twin = nops, .bare = bare, .once = priced};

#define PRICE_PARAM(name, needs, count) {.text = #name, .value = EB_PRICE_##name},
static const struct bench_param params[] = {EB_PRICES(PRICE_PARAM)};

static struct verdict setup(struct run *run)
{
	price = run->options->value;
	if (2 * run->options->batch > EB_PRICE_COPIES)
		return bench_failed_with("--batch may be at most", EB_PRICE_COPIES / 2);
	switch (sys_call(SYS_EB_PRICE, (long)price, EB_PRICE_PRICED, 1, 0, 0, 0)) {
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
				    : bench_failed_with("eb_price returned", (int64_t)result);
}

const struct benchmark benchmark = {
    .name = "kernel_price",
    .loops = &loops,
    .params = params,
    .param_count = sizeof(params) / sizeof(params[0]),
    .setup = setup,
    .check = check,
};
