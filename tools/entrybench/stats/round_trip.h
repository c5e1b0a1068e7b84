/*
 * The round trip of one boot from batched windows (docs/statistics.md, "Round trip").
 *
 * D(T) = (T(2n) - T(n)) / n cancels whatever a window costs besides its crossings, and
 * round trip = D(crossing) - D(bare) cancels what the loop body does besides the crossing.
 */
#ifndef STATS_ROUND_TRIP_H
#define STATS_ROUND_TRIP_H

#include <stdbool.h>
#include <stdint.h>

#include "histogram.h"

/* Windows with n and with 2n crossings inside, in ticks. */
struct batch {
	int64_t n;
	const struct histogram *once;
	const struct histogram *twice;
};

struct round_trip {
	double estimate; /* from the minima, in ticks */
	double p10;	 /* the same from the 10th percentiles */
	double p50;	 /* the same from the medians */
	bool unstable;	 /* estimate and p10 differ by more than the tolerance */
	bool disturbed;	 /* estimate and p50 do: half of the batches had to bear something else */
	bool negative; /* a window of 2n was shorter than one of n, or the estimate is below zero */
};

/*
 * Part of the estimate by which figures of one boot may differ. Where the clock advances in steps, each of the two
 * costs is off by up to a step in n crossings: that much is never held against a boot.
 */
#define ROUND_TRIP_TOLERANCE 0.02

/* D with the q-quantile as T (q = 0: the minimum), in ticks. NAN where n < 1 or either histogram is empty. */
double batch_cost(const struct batch *batch, double q);

/* step: the clock's, in ticks. False, and *out untouched, where batch_cost() of either would be NAN. */
bool round_trip(const struct batch *crossing, const struct batch *bare, double step,
		struct round_trip *out);

#endif
