/* The round trip of one boot from batched windows. */
#include "stats/stats.h"

double batch_cost(const struct batch *batch, double q)
{
	if (batch->n < 1 || !batch->once->n || !batch->twice->n)
		return NAN;
	/* As double first: the difference of two int64 may not fit one. */
	double once = (double)histogram_quantile(batch->once, q);
	double twice = (double)histogram_quantile(batch->twice, q);

	return (twice - once) / (double)batch->n;
}

bool round_trip(const struct batch *crossing, const struct batch *bare, double step,
		struct round_trip *out)
{
	double crossing_cost = batch_cost(crossing, 0), bare_cost = batch_cost(bare, 0);

	if (isnan(crossing_cost) || isnan(bare_cost))
		return false;
	out->estimate = crossing_cost - bare_cost;
	out->p10 = batch_cost(crossing, 0.1) - batch_cost(bare, 0.1);
	out->p50 = batch_cost(crossing, 0.5) - batch_cost(bare, 0.5);
	double tolerance = fmax(ROUND_TRIP_TOLERANCE * fabs(out->estimate),
				step / (double)crossing->n + step / (double)bare->n);
	out->unstable = fabs(out->p10 - out->estimate) > tolerance;
	out->disturbed = fabs(out->p50 - out->estimate) > tolerance;
	out->negative = out->estimate < 0 || crossing_cost < 0 || bare_cost < 0;
	return true;
}
