/* Views of a bill's lines that several outputs need. */
#ifndef BILL_LINES_H
#define BILL_LINES_H

#include "bill/bill.h"

/* The sums of one phase, in order of its first line. */
struct phase_sums {
	const char *phase;
	uint64_t symbols; /* lines it has */
	int64_t count;
};

/* Fills `phases` (room for bill->line_count) and returns how many there are. */
size_t bill_phases(const struct bill *bill, struct phase_sums *phases);

/* One line of two bills; counts are 0 where a bill lacks it. */
struct line_pair {
	const char *phase, *symbol;
	int64_t counts[2];
};

/*
 * All lines of both, in the order of the second with what only the first has put where the first has it. Fills `pairs`
 * (room for the sum of both line counts) and returns how many there are.
 */
size_t bill_pair_lines(const struct bill *const bills[2], struct line_pair *pairs);

/* One instruction's name in two bills, and how many each has. */
struct special_pair {
	const char *name;
	int64_t counts[2];
};

/* Those of which one has more, by name. Fills `pairs` (room for the sum of both special counts), returns how many. */
size_t bill_pair_specials(const struct bill *const bills[2], struct special_pair *pairs);

/* What the second has more than the first. */
struct bill_sums bill_sums_more(const struct bill *const bills[2]);

#endif
