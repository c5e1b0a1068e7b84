/*
 * call_gate: a far call through a call gate whose handler is nothing but a far return, to stand
 * beside SYSCALL and SYSRET.
 */
#include "harness/bench.h"
#include "harness/mechanism.h"

/* The operand of the far call. The offset counts for nothing: the gate has one. */
static struct {
	uint32_t offset;
	uint16_t selector;
} gate = {.selector = EB_CALL_GATE};

enum { VECTOR_GP = 13, LENGTH = 2 };

TIMED(far_call, NOTHING, "xor %eax, %eax", "lcall *(%rbx)", NOTHING);

static struct verdict setup(struct run *run)
{
	run->context = &gate;
	if (eb_mechanism(EB_MECHANISM_GATES, 1, 0) != 0)
		return bench_unsupported("only this project's core has the call gate");
	eb_mechanism(EB_MECHANISM_FIXUP, VECTOR_GP, LENGTH);
	long before = eb_mechanism(EB_MECHANISM_FIXUPS, 0, 0);
	run->loops->once(1, run->context);
	return eb_mechanism(EB_MECHANISM_FIXUPS, 0, 0) == before
		   ? bench_ok()
		   : bench_unsupported("a call gate faults here: FRED has none");
}

static struct verdict check(struct run *run, uint64_t result)
{
	(void)run;
	return result == 0 ? bench_ok() : bench_failed_with("RAX came back as", (int64_t)result);
}

const struct benchmark benchmark = {
    .name = "call_gate",
    .loops = &far_call,
    .setup = setup,
    .check = check,
};
