/*
 * call_gate: a far call through a call gate whose handler is nothing but a far return, to stand beside SYSCALL and SYSRET.
 */
#include "harness/bench.h"
#include "harness/mechanism.h"

/* The operand of the far call. The offset counts for nothing: the gate has one. */
static struct {
	uint32_t offset;
	uint16_t selector;
} gate = {.selector = EB_CALL_GATE};

TIMED(far_call, NOTHING, "xor %eax, %eax", "lcall *(%rbx)", NOTHING);

static struct verdict setup(struct run *run)
{
	run->context = &gate;
	return is_this_core() ? bench_ok()
			      : bench_unsupported("only this project's core has the call gate");
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
