/* Two bills side by side: line by line, and net by phase. */
#ifndef BILL_DIFFERENCE_H
#define BILL_DIFFERENCE_H

#include "bill/bill.h"

/* A line or a phase of two bills; a count is 0 where a bill lacks it. */
struct bill_pair {
	const char *phase;
	const char *symbol; /* the second's name for it where both have it; NULL: the whole phase */
	const char *renamed;	 /* the first's name for it, where that is another; else NULL */
	double counts[2], delta; /* what the second has more */
	size_t differing;	 /* lines of the phase in which the two differ */
};

/*
 * Lines of both, in the order of the second, with what only the first has put where the first has
 * it. A symbol of the first that goes by another name in the second, with most of its instructions
 * alike, is one line. Free with g_array_unref().
 */
GArray *bill_pair_lines(const struct bill *const bills[2]);

/* Phases of such lines, in the order of their first ones. */
GArray *bill_pair_phases(const GArray *lines);

/* Lines of the phase in which the two differ, the largest difference first. */
GArray *bill_phase_differences(const GArray *lines, const char *phase);

/* What the second has more: sums, and names of instructions with counts. */
struct bill_sums bill_sums_more(const struct bill *const bills[2]);
GTree *bill_specials_more(const struct bill *const bills[2]);

#define PAIR(pairs, i) (&g_array_index(pairs, struct bill_pair, i))

#endif
