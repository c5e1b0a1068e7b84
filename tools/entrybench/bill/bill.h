/*
 * The bill: every counted instruction of one round trip, attributed to a phase of the entry path and to a symbol.
 */
#ifndef BILL_BILL_H
#define BILL_BILL_H

#include <stddef.h>
#include <stdint.h>

#include "bill/body.h"
#include "bill/symbols.h"

/* Phases that no label names. */
#define PHASE_ENTER  "enter"  /* the instruction that leaves ring 3 */
#define PHASE_RING3  "ring 3" /* what ring 3 executes inside a round trip */
#define PHASE_KERNEL "kernel" /* kernel code before the first label, or without labels */

/* Symbol of an interrupt or single step, which comes between two instructions and is none of theirs. */
#define SYMBOL_INTERRUPTION "interruption"

/* Negative where the crossing has less than the bare loop. */
struct bill_sums {
	int64_t count;	       /* instructions */
	int64_t loads, stores; /* frames that the CPU pushes included */
	int64_t bytes_loaded, bytes_stored;
	int64_t taken; /* branches, calls and returns included */
};

/* Lines come in the order in which the round trip first reaches them. */
struct bill_line {
	const char *phase, *symbol;
	struct bill_sums sums;
};

/* Privileged, serialising and ring-changing instructions (bill/opcode.h). */
struct bill_special {
	const char *name;
	int64_t count;
};

/* One step of the body, and what it belongs to. */
struct bill_step {
	const char *phase, *symbol;
	const struct ledger_insn *insn; /* NULL: none, only the frame of an interrupt */
	const struct ledger_access *accesses;
	size_t access_count;
	struct cpu_frame frame; /* pushed by the CPU behind it */
	int sign;		/* -1: only the bare loop has it */
	bool counted;		/* by the clock */
	bool taken;
};

/* Names point into the ledger and the symbols: those must live as long. */
struct bill {
	struct bill_line *lines;
	size_t line_count;
	struct bill_special *specials; /* by name */
	size_t special_count;
	struct bill_step *steps; /* in order of execution, then those of the bare loop */
	size_t step_count;
	struct bill_sums sums; /* of all lines; sums.count is the body's total */
	uint64_t stack_bytes;  /* distinct bytes of kernel stacks that were touched */
};

/* `program` names what ring 3 executes. Free with bill_free(). */
void bill_make(struct bill *bill, const struct body *body, const struct symbols *kernel,
	       const struct symbols *program);
void bill_free(struct bill *bill);

/* NULL: the bill has no such line. */
const struct bill_line *bill_find_line(const struct bill *bill, const char *phase,
				       const char *symbol);

/*
 * Distinct bytes of kernel stacks that the body touched. A stack page is one on which PUSH, POP, CALL, RET, IRET or the
 * CPU itself work, and a page right below one, where deep frames lie.
 */
uint64_t bill_stack_bytes(const struct bill *bill);

#endif
