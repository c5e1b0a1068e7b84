/*
 * Location and spread of a few replicates. Values are in any one unit, in any order, and are never changed; n >= 1
 * unless a comment says otherwise.
 */
#ifndef STATS_SAMPLE_H
#define STATS_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>

struct sample {
	const double *values;
	size_t n;
	double resolution; /* values no further apart may be equal: the clock cannot tell */
};

/* The mean of the two middle values where n is even; NAN where n is 0. */
double sample_median(struct sample sample);

/* The lower of the two middle values where n is even: always one of the values. NAN where n is 0. */
double sample_middle(struct sample sample);

/* 0 <= q <= 1, interpolated between neighbours (GSL's gsl_stats_quantile_from_sorted_data). NAN where n is 0. */
double sample_quantile(struct sample sample, double q);

/* The k-th smallest, from 1; the largest where k > n; NAN where n is 0. */
double sample_smallest(struct sample sample, size_t k);

double sample_min(struct sample sample);
double sample_max(struct sample sample);

/*
 * Standard deviation as a robust estimate: 1.4826 times the median absolute deviation from the median (F. Hampel,
 * "The Influence Curve and its Role in Robust Estimation", JASA 69 (1974)). Where that is 0 although values differ
 * (more than half are equal), the ordinary standard deviation. NAN where n < 2.
 */
double sample_spread(struct sample sample);

#endif
