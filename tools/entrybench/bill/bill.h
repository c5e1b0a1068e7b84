/*
 * The bill: what one round trip consists of, attributed to phases of the entry path and, where
 * every instruction was seen, to symbols. Two producers: the plugin's ledger (bill_of_body), and
 * the time stamps of a stamped image (bill/stamped.h).
 */
#ifndef BILL_BILL_H
#define BILL_BILL_H

#include <jansson.h>
#include <stdio.h>

#include "bill/body.h"
#include "model/run.h"

/* Phases that no label names. */
#define PHASE_ENTER	  "enter"	/* the instruction that leaves ring 3 */
#define PHASE_RING3	  "ring 3"	/* what ring 3 executes inside a round trip */
#define PHASE_KERNEL	  "kernel"	/* kernel code before the first label, or without labels */
#define PHASE_UNEXPLAINED "unexplained" /* what time stamps do not sum to */

/*
 * Symbol of an interrupt or single step, which comes between two instructions and is none of
 * theirs.
 */
#define SYMBOL_INTERRUPTION "interruption"

/*
 * Negative where the crossing has less than the bare loop. By time stamps there is only the count.
 */
struct bill_sums {
	double count;	       /* instructions or cycles */
	int64_t loads, stores; /* frames that the CPU pushes included */
	int64_t bytes_loaded, bytes_stored;
	int64_t taken;	     /* branches, calls and returns included */
	int64_t serialising; /* instructions */
};

/* Lines come in the order in which the round trip first reaches them. */
struct bill_line {
	const char *phase, *symbol; /* symbol "": of the whole phase */
	struct bill_sums sums;
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

/* Start with bill_init(), end with bill_free(). */
struct bill {
	/* What was billed: borrowed, but for the CPU. */
	const char *machine, *variant, *bench;
	enum machine_class class;
	bool safe; /* false: for measurement only */
	char cpu[100];

	GArray *lines;	 /* struct bill_line */
	GTree *specials; /* how often each privileged, serialising, ring-changing instruction */
	GArray *steps;	 /* struct bill_step, in order of execution, then those of the bare loop */
	struct bill_sums sums; /* of all lines; the count is the round trip */
	uint64_t stack_bytes;  /* distinct bytes of kernel stacks that were touched */

	bool stamped; /* by time stamps */
	double probe; /* what one of them costs */
	double unexplained;

	/* What lines and steps point into. */
	struct ledger ledger;
	struct symbols kernel, program;
	struct body body;
};

void bill_init(struct bill *bill);
void bill_free(struct bill *bill);

/* Fills in the rest, once ledger, symbols and body are there. */
void bill_of_body(struct bill *bill);

/* The line, which is made where there is none. Names are not copied. */
struct bill_line *bill_line(struct bill *bill, const char *phase, const char *symbol);

/* NULL: the bill has no such line. */
const struct bill_line *bill_find_line(const struct bill *bill, const char *phase,
				       const char *symbol);

void bill_add_sums(struct bill_sums *to, const struct bill_sums *sums, int sign);

/* Names with counts: adds, or takes off. A count of 0 is none. */
GTree *bill_specials_new(void);
void bill_add_special(GTree *specials, const char *name, int64_t count);

/*
 * Distinct bytes of kernel stacks that the steps touched. A stack page is one on which PUSH, POP,
 * CALL, RET, IRET or the CPU itself work, and a page right below one, where deep frames lie.
 */
uint64_t bill_stack_bytes(const struct bill *bill);

/* "variant;phase;function;function COUNT", one line a stack: the input of flame graph tools. */
void bill_write_folded(FILE *out, const struct bill *bill);

#endif
