/*
 * The bill of a stamped image: phases between time stamps, what the stamps themselves cost taken off (docs/records.md).
 */
#ifndef BILL_STAMPED_H
#define BILL_STAMPED_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "bill/output.h"

#define STAMPED_NAME  40
#define STAMPED_PAIRS 32

/* From one stamp to the next: the smallest reading of one boot, ticks. */
struct stamped_pair {
	char from[STAMPED_NAME], to[STAMPED_NAME];
	int64_t ticks;
};

struct stamped_pairs {
	struct stamped_pair at[STAMPED_PAIRS];
	size_t count;
};

/* Keeps the smaller of the readings of one pair. False: there is no room for one more pair. */
bool stamped_take(struct stamped_pairs *pairs, const char *from, const char *to, int64_t ticks);

struct stamped_line {
	char phase
	    [STAMPED_NAME]; /* its label, or "enter": SYSCALL and what follows up to the first stamp */
	double ticks;
};

struct stamped_bill {
	struct stamped_line lines[STAMPED_PAIRS];
	size_t line_count;
	double sum;	    /* of the lines */
	double total;	    /* the round trip of the bare image */
	double unexplained; /* total - sum */
	double probe;	    /* what one stamp costs */
	char cpu[100];	    /* as the guest's CPUID names it; for the caller to fill */
};

/*
 * One bill from `boots` pairs of boots: of each line, and of the total, the median. NULL, or what the pairs lack: the probe's
 * three, a way from "enter" to "leave", the same phases in every boot.
 */
const char *stamped_make(struct stamped_bill *bill, const struct stamped_pairs *pairs,
			 const double *totals, size_t boots);

/* One phase of a bill, or of two, and the ticks of each; the last row is what stays unexplained. */
struct stamped_row {
	const char *phase; /* without its path */
	double ticks[2];
};

#define STAMPED_ROWS (2 * STAMPED_PAIRS + 1)

/*
 * In the order of the second bill, with what only the first has put where the first has it; `second` may be NULL. Fills
 * `rows` (room for STAMPED_ROWS) and returns how many there are.
 */
size_t stamped_pair_lines(const struct stamped_bill *first, const struct stamped_bill *second,
			  struct stamped_row *rows);

/* Phase by phase what the second has more than the first. */
void stamped_print_difference(FILE *out, const struct bill_title titles[2],
			      const struct stamped_bill bills[2], bool lines_only);

/* {"bills": [FIRST, SECOND], "difference": {"total", "unexplained", "lines": [...]}}; a new reference. */
json_t *stamped_difference_json(const struct bill_title titles[2],
				const struct stamped_bill bills[2]);

void stamped_print(FILE *out, const struct bill_title *title, const struct stamped_bill *bill,
		   bool lines_only);

/* As bill_json(), a line a phase without symbols; and "unexplained", "probe". A new reference. */
json_t *stamped_json(const struct bill_title *title, const struct stamped_bill *bill);

#endif
