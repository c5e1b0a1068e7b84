/*
 * exception:KIND: an exception that the kernel fixes up: from the instruction that faults or traps,
 * through the handler that moves RIP past it, to the next instruction. `gp` and `pf` have an error
 * code. `db` is a single step, on an IST stack; its bare loop sets RFLAGS in the same way, but
 * without TF.
 */
#include "harness/bench.h"
#include "harness/mechanism.h"

#define ZERO "xor %eax, %eax"

TIMED(divide, NOTHING, ZERO "\n	xor %edx, %edx\n	xor %ecx, %ecx", "div %ecx", NOTHING);
TIMED(step, NOTHING, ZERO "\n	pushfq\n	orl $0x100, (%rsp)", "popfq\n	nop", NOTHING);
TIMED(no_step, NOTHING, ZERO "\n	pushfq\n	orl $0, (%rsp)", "popfq\n	nop",
      NOTHING);
TIMED(breakpoint, NOTHING, ZERO, "int3", NOTHING);
TIMED(undefined, NOTHING, ZERO, "ud2", NOTHING);
TIMED(protection, NOTHING, ZERO, "hlt", NOTHING);
TIMED(page, NOTHING, ZERO "\n	xor %edx, %edx", "mov (%rdx), %rax", NOTHING);

static struct loops debug;

static const struct bench_param params[] = {
    {.text = "de", .loops = &divide},	  {.text = "db", .loops = &debug},
    {.text = "bp", .loops = &breakpoint}, {.text = "ud", .loops = &undefined},
    {.text = "gp", .loops = &protection}, {.text = "pf", .loops = &page},
};

/* Vector, and length of the instruction where RIP points to it. */
static const struct {
	const struct loops *loops;
	long vector, length;
} kinds[] = {
    {&divide, 0, 2},	{&debug, 1, 0},	      {&breakpoint, 3, 0},
    {&undefined, 6, 2}, {&protection, 13, 1}, {&page, 14, 3},
};

static struct verdict setup(struct run *run)
{
	debug = (struct loops){step.crossing, no_step.crossing, no_step.crossing, step.once};
	if (!is_this_core())
		return bench_unsupported("only this project's core fixes exceptions up");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].loops == run->loops &&
		    eb_mechanism(EB_MECHANISM_FIXUP, kinds[i].vector, kinds[i].length) != 0)
			return bench_failed("the core refused the fix-up");
	return bench_ok();
}

static struct verdict check(struct run *run, uint64_t result)
{
	long before = eb_mechanism(EB_MECHANISM_FIXUPS, 0, 0);

	if (result != 0)
		return bench_failed_with("RAX came back as", (int64_t)result);
	run->loops->crossing(1, run->context);
	long more = eb_mechanism(EB_MECHANISM_FIXUPS, 0, 0) - before;
	return more == 1 ? bench_ok() : bench_failed_with("there should be one fix-up, not", more);
}

const struct benchmark benchmark = {
    .name = "exception",
    .own_entry = true,
    .params = params,
    .param_count = sizeof(params) / sizeof(params[0]),
    .setup = setup,
    .check = check,
};
