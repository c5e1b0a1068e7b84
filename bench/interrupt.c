/*
 * interrupt:KIND: from ring 3 to the handler of an interrupt and back. Ring 3 can raise none
 * itself, so it asks by a system call, and the bare loop makes the same system call without the
 * interrupt: what remains is the interrupt.
 *
 *	self_ipi	sent by the local APIC to itself; it arrives as soon as the system call is
 *			back in ring 3
 *	timer		of the APIC's timer; it arrives while ring 3 counts down
 *	nmi		an NMI that the local APIC sends to itself; it arrives in ring 0, in the
 *			system call, so this measures the path that must find out whose GS it has
 */
#include "harness/bench.h"
#include "harness/mechanism.h"

/* RBX in the texts. */
static struct {
	uint64_t soon, late; /* at 0 and 8: ticks of the APIC's timer */
	uint64_t countdown;  /* at 16 */
} context = {.soon = 100, .late = 0xffffffff};

#define ASK(op, argument)                                                                          \
	"\tmov " argument ", %rsi\n"                                                               \
	"\tmov $" TEXT_OF(op) ", %edi\n"                                                           \
			      "\tmov $" TEXT_OF(EB_MECHANISM_NUMBER) ", %eax"

#define COUNT_DOWN                                                                                 \
	"\tmov 16(%rbx), %rdx\n"                                                                   \
	"70:\tdec %rdx\n"                                                                          \
	"\tjnz 70b"

TIMED(ipi, NOTHING, ASK(EB_MECHANISM_SELF_IPI, "$1"), "syscall", NOTHING);
TIMED(no_ipi, NOTHING, ASK(EB_MECHANISM_SELF_IPI, "$0"), "syscall", NOTHING);
TIMED(timer, NOTHING, ASK(EB_MECHANISM_TIMER, "(%rbx)"), "syscall", COUNT_DOWN);
TIMED(no_timer, NOTHING, ASK(EB_MECHANISM_TIMER, "8(%rbx)"), "syscall", COUNT_DOWN);

TIMED(nmi, NOTHING, ASK(EB_MECHANISM_SELF_NMI, "$1"), "syscall", NOTHING);
TIMED(no_nmi, NOTHING, ASK(EB_MECHANISM_SELF_NMI, "$0"), "syscall", NOTHING);

static struct loops self_ipi_loops, timer_loops, nmi_loops;

/* Crossing and window from one text, what is taken off from the other. */
static struct loops without(const struct loops *with, const struct loops *off)
{
	return (struct loops){.crossing = with->crossing,
			      .twin = off->crossing,
			      .bare = off->crossing,
			      .once = with->once};
}

static const struct bench_param params[] = {
    {.text = "self_ipi", .loops = &self_ipi_loops},
    {.text = "timer", .loops = &timer_loops},
    {.text = "nmi", .loops = &nmi_loops},
};

static long interrupts(void)
{
	return eb_mechanism(EB_MECHANISM_INTERRUPTS, 0, 0);
}

/* The countdown becomes twice as long as it must be for the timer's interrupt to fall into it. */
static bool find_countdown(struct run *run)
{
	enum { ROUNDS = 64 };

	for (context.countdown = 256; context.countdown < 1 << 24; context.countdown *= 2) {
		long before = interrupts();
		run->loops->crossing(ROUNDS, run->context);
		if (interrupts() - before == ROUNDS) {
			context.countdown *= 2;
			return true;
		}
	}
	return false;
}

static struct verdict setup(struct run *run)
{
	self_ipi_loops = without(&ipi, &no_ipi);
	timer_loops = without(&timer, &no_timer);
	nmi_loops = without(&nmi, &no_nmi);
	run->context = &context;
	if (!is_this_core())
		return bench_unsupported("only this project's core sends interrupts on request");
	if (!sys_reaches_kernel())
		return bench_unsupported("SYSCALL reaches no kernel here");
	if (eb_mechanism(EB_MECHANISM_SELF_IPI, 0, 0) != 0)
		return bench_unsupported("this machine has no local APIC");
	if (run->loops == &timer_loops && !find_countdown(run))
		return bench_failed("the APIC's timer sends no interrupt");
	return bench_ok();
}

static struct verdict check(struct run *run, uint64_t result)
{
	long before = interrupts();

	if (result != 0)
		return bench_failed_with("the system call returned", (int64_t)result);
	run->loops->crossing(1, run->context);
	long more = interrupts() - before;
	return more == 1 ? bench_ok()
			 : bench_failed_with("there should be one interrupt, not", more);
}

const struct benchmark benchmark = {
    .name = "interrupt",
    .params = params,
    .param_count = sizeof(params) / sizeof(params[0]),
    .setup = setup,
    .check = check,
};
