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

struct bill_sums {
	uint64_t count; /* instructions */
	uint64_t loads, stores;
	uint64_t bytes_loaded, bytes_stored;
	uint64_t taken; /* branches, calls and returns included */
};

/* Lines come in the order in which the round trip first reaches them. */
struct bill_line {
	const char *phase, *symbol;
	struct bill_sums sums;
};

/* Privileged, serialising and ring-changing instructions (bill/opcode.h). */
struct bill_special {
	const char *name;
	uint64_t count;
};

/* What one step of the body belongs to. */
struct bill_step {
	const char *phase, *symbol;
};

/* Names point into the ledger and the symbols: those must live as long. */
struct bill {
	const struct body *body;
	struct bill_line *lines;
	size_t line_count;
	struct bill_special *specials; /* by name */
	size_t special_count;
	struct bill_step *steps; /* body->count of them */
	struct bill_sums sums;	 /* of all lines; sums.count is body->total */
	uint64_t stack_bytes;	 /* distinct bytes of kernel stacks that were touched */
};

/* `program` names what ring 3 executes. Free with bill_free(). */
void bill_make(struct bill *bill, const struct body *body, const struct symbols *kernel,
	       const struct symbols *program);
void bill_free(struct bill *bill);

/* NULL: the bill has no such line. */
const struct bill_line *bill_find_line(const struct bill *bill, const char *phase,
				       const char *symbol);

/*
 * Distinct bytes of kernel stacks that the body touched. A stack page is one on which PUSH, POP, CALL or RET work, and a
 * page right below one, where deep frames lie. The frame that the CPU itself pushes at an interrupt does not show.
 */
uint64_t bill_stack_bytes(const struct body *body);

#endif
