/* A bill as text: table, listing, JSON, folded stacks. Pure functions of bills. */
#ifndef BILL_OUTPUT_H
#define BILL_OUTPUT_H

#include <jansson.h>
#include <stdio.h>

#include "bill/bill.h"

/* What was billed: goes with every figure. */
struct bill_title {
	const char *machine, *variant, *bench;
	const char *unit;
	bool safe; /* false: for measurement only */
	const char *class, *cpu;
};

/* By phase, and within a phase by symbol; then the totals. Without a title only the lines. */
void bill_print(FILE *out, const struct bill_title *title, const struct bill *bill);

/* Every step in order of execution: address, bytes, instruction, accesses, phase and symbol. */
void bill_print_listing(FILE *out, const struct bill *bill);

/* Line by line what the second has more than the first, and the totals. Without titles only the lines. */
void bill_print_difference(FILE *out, const struct bill_title titles[2],
			   const struct bill *const bills[2]);

/* {"machine", "class", "unit", "cpu", "variant", "bench", "total", "lines": [...], ...} (docs/bill.md); a new reference. */
json_t *bill_json(const struct bill_title *title, const struct bill *bill, bool listing);

/* {"bills": [FIRST, SECOND], "difference": {"total", "lines": [...]}}; takes both references over. */
json_t *bill_difference_json(const struct bill *const bills[2], json_t *first, json_t *second);

/* "variant;phase;function;function COUNT", one line a stack: the input of flame graph tools. */
void bill_write_folded(FILE *out, const char *root, const struct bill *bill);

#endif
