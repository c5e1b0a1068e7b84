/*
 * interrupt_gate: INT n through an interrupt gate whose handler is nothing but IRETQ, to stand
 * beside SYSCALL and SYSRET.
 */
#include "harness/bench.h"
#include "harness/mechanism.h"

TIMED(empty_interrupt, NOTHING, "xor %eax, %eax", "int $" TEXT_OF(EB_INTERRUPT_GATE), NOTHING);

static struct verdict setup(struct run *run)
{
	(void)run;
	return eb_mechanism(EB_MECHANISM_GATES, 1, 0) == 0
		   ? bench_ok()
		   : bench_unsupported("only this project's core has the empty gate");
}

static struct verdict check(struct run *run, uint64_t result)
{
	(void)run;
	return result == 0 ? bench_ok() : bench_failed_with("RAX came back as", (int64_t)result);
}

const struct benchmark benchmark = {
    .name = "interrupt_gate",
    .loops = &empty_interrupt,
    .setup = setup,
    .check = check,
};
