/*
 * The body: all that one crossing of a benchmark executes, cut out of the measured windows of a ledger.
 *
 * The harness times two loops (bench/harness/timed.h): NAME.crossing, whose iteration is setup, crossing and what comes
 * after, and NAME.bare, the same without the crossing. What an iteration of the first has and one of the second has not
 * is the body: most often from the entering instruction to the last one before ring 3 goes on, but whatever ring 3
 * executes in between (a signal handler, say) belongs to it.
 */
#ifndef BILL_BODY_H
#define BILL_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bill/ledger.h"
#include "bill/symbols.h"

/* Ticks of the shortest windows round n and round 2n iterations of a loop. */
struct loop_ticks {
	int64_t once, twice;
};

/* What the program's records say of its two loops. */
struct measured {
	uint64_t n;
	struct loop_ticks crossing, bare;
	int64_t round_trip; /* ticks */
};

struct body {
	const struct ledger *ledger;
	const struct ledger_step *steps; /* the window goes on behind the last one */
	size_t count;
	/*
	 * An instruction that faults on its way into the kernel is seen by the plugin, but has not executed. Where the
	 * clock did not count it, the bill must not either.
	 */
	bool faults;
	int64_t total; /* ticks */
};

/*
 * Finds the windows that the records speak of and the body that all iterations share. 0; or -1 with one line in error:
 * no such window, iterations that differ, or a body that does not sum to the round trip.
 */
int body_find(struct body *body, const struct ledger *ledger, const struct symbols *program,
	      const struct measured *measured, struct error *error);

/* Whether the clock counted this step of the body. */
bool body_counts(const struct body *body, size_t step);

const struct ledger_insn *body_insn(const struct body *body, size_t step);

#endif
