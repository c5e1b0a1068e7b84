/*
 * The body: all that one round trip executes, cut out of the measured windows of a ledger.
 *
 * A body begins with the instruction of ring 3 that enters the kernel and ends with the last one before ring 3 goes on
 * for good. Where a round trip leaves ring 3 several times (a signal and its return), what ring 3 executes in between
 * belongs to it.
 */
#ifndef BILL_BODY_H
#define BILL_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bill/ledger.h"

/* What the program's records say of its windows round crossings. */
struct measured {
	uint64_t n;	     /* round trips in the shorter window */
	int64_t once, twice; /* ticks of the shortest windows with n and with 2n */
	int64_t round_trip;  /* ticks: D(crossing) - D(bare) */
};

struct body {
	const struct ledger *ledger;
	const struct ledger_step *steps;
	size_t count;
	uint64_t crossings; /* times that one round trip leaves ring 3 */
	/*
	 * The instruction that faults on its way into the kernel is seen by the plugin, but has not executed: then the
	 * clock did not count it, and neither must the bill.
	 */
	bool faults;
	int64_t total; /* ticks */
};

/*
 * Finds the windows that the records speak of, and the body that all round trips in them share. 0; or -1 with one line
 * in error: no such window, round trips that differ, or a body that does not sum to the round trip.
 */
int body_find(struct body *body, const struct ledger *ledger, const struct measured *measured,
	      struct error *error);

/* Whether the clock counted this step of the body. */
bool body_counts(const struct body *body, size_t step);

const struct ledger_insn *body_insn(const struct body *body, size_t step);

#endif
