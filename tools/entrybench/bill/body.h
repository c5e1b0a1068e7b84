/*
 * The body: all that one crossing of a benchmark executes, cut out of the measured windows of a
 * ledger.
 *
 * The harness times two loops (bench/harness/timed.h): NAME.crossing, whose iteration is setup,
 * crossing and what comes after, and NAME.bare, the same without the crossing. What an iteration of
 * the first has and one of the second has not is the body: most often from the entering instruction
 * to the last one before ring 3 goes on, but whatever ring 3 executes in between (a signal handler,
 * say) belongs to it. The second may enter the kernel, too, where what the first has more is an
 * interrupt; and should it have steps that the first has not, they are taken off.
 */
#ifndef BILL_BODY_H
#define BILL_BODY_H

#include "bill/loop.h"

/* What the program's records say of its two loops. */
struct measured {
	uint64_t n;
	struct loop_ticks crossing, bare;
	int64_t round_trip; /* ticks */
};

/*
 * What the crossing has more is between `before` steps at its beginning and `after` at its end that
 * both have.
 */
struct body {
	struct trace crossing, bare; /* an iteration of each */
	size_t before, after;
	int64_t total; /* ticks */
};

/*
 * Finds the windows that the records speak of and the body that all iterations share. 0; or -1 with
 * one line in error: no such window, iterations that differ, or a body that does not sum to the
 * round trip.
 */
int body_find(struct body *body, const struct ledger *ledger, const struct symbols *program,
	      const struct symbols *kernel, const struct measured *measured, struct error *error);

#endif
