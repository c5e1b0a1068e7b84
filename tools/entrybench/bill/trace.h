/*
 * A trace: steps of a ledger's window in a row, and what is to be said of each from its instruction
 * and the next one.
 */
#ifndef BILL_TRACE_H
#define BILL_TRACE_H

#include "bill/ledger.h"

struct trace {
	const struct ledger *ledger;
	const struct ledger_step *steps; /* the window goes on behind the last one */
	size_t count;
	/*
	 * An instruction that faults on its way into the kernel is seen by the plugin, but has not
	 * executed. Where the clock did not count it, the bill must not either.
	 */
	bool faults;
};

const struct ledger_insn *trace_insn(const struct trace *trace, size_t step);
bool trace_in_kernel(const struct trace *trace, size_t step);

/*
 * The step leaves ring 3 although nothing in the instruction says so: by a fault, or an interrupt
 * comes behind it.
 */
bool trace_faults(const struct trace *trace, size_t step);

/* Whether the clock counted the step. */
bool trace_counts(const struct trace *trace, size_t step);

bool trace_same(const struct trace *a, const struct trace *b);

/*
 * What the CPU pushes on a stack when it delivers an interrupt or exception: ss, rsp, rflags, cs,
 * rip, an error code.
 */
struct cpu_frame {
	uint64_t first, size; /* bytes; size 0: none */
};

/*
 * The frame that is delivered between the step and the next one. Where code of the kernel is
 * interrupted right behind a branch, that does not show.
 */
struct cpu_frame trace_frame(const struct trace *trace, size_t step);

#endif
