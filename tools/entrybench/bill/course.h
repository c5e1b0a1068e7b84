/* A course: steps of a ledger's window in a row, and what is to be said of each from its instruction and the next one. */
#ifndef BILL_COURSE_H
#define BILL_COURSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bill/ledger.h"

struct course {
	const struct ledger *ledger;
	const struct ledger_step *steps; /* the window goes on behind the last one */
	size_t count;
	/*
	 * An instruction that faults on its way into the kernel is seen by the plugin, but has not executed. Where the
	 * clock did not count it, the bill must not either.
	 */
	bool faults;
};

const struct ledger_insn *course_insn(const struct course *course, size_t step);
bool course_in_kernel(const struct course *course, size_t step);

/* The step leaves ring 3 although nothing in the instruction says so: by a fault, or an interrupt comes behind it. */
bool course_faults(const struct course *course, size_t step);

/* Whether the clock counted the step. */
bool course_counts(const struct course *course, size_t step);

bool course_same(const struct course *a, const struct course *b);

/* What the CPU pushes on a stack when it delivers an interrupt or exception: ss, rsp, rflags, cs, rip, an error code. */
struct cpu_frame {
	uint64_t first, size; /* bytes; size 0: none */
};

/*
 * The frame that is delivered between the step and the next one. Where code of the kernel is interrupted right behind a
 * branch, that does not show.
 */
struct cpu_frame course_frame(const struct course *course, size_t step);

#endif
