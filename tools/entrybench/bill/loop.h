/*
 * One of the two loops that a benchmark times, found in the ledger: the windows that its records
 * speak of, cut into iterations that must all be alike.
 */
#ifndef BILL_LOOP_H
#define BILL_LOOP_H

#include "bill/symbols.h"
#include "bill/trace.h"

/* Ticks of the shortest windows round n and round 2n iterations of a loop. */
struct loop_ticks {
	int64_t once, twice;
};

struct loop_request {
	const char *name;	    /* "crossing", "bare" */
	const struct symbol *other; /* a loop that it is not; NULL: any may be */
	const struct ledger *ledger;
	const struct symbols *program, *kernel;
	uint64_t n;
	struct loop_ticks ticks;
};

/*
 * Fills `iteration`, and the symbol of the loop it is of. 0; or -1 with one line in error: no such
 * windows, or iterations that differ.
 */
int loop_find(const struct loop_request *request, struct trace *iteration,
	      const struct symbol **loop, struct error *error);

#endif
