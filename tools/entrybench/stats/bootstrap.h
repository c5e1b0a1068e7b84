/*
 * 95 % intervals for a median and for a difference of two medians, by bootstrap over replicates.
 *
 * Percentile method (B. Efron and R. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13): draw n of the n
 * replicates with replacement and take the lower median; the interval reaches from the 2.5 % to the 97.5 % quantile of that.
 * For an order statistic the distribution is known (ibid., problem 2.4), so nothing is drawn. BCa is not used: its
 * acceleration comes from the jackknife, which is inconsistent for the median (ibid., section 11.6).
 */
#ifndef STATS_BOOTSTRAP_H
#define STATS_BOOTSTRAP_H

#include <stdint.h>

#include "sample.h"

enum confidence_kind {
	CONFIDENCE_NONE, /* fewer than two replicates say nothing of their spread: bounds are NAN */
	CONFIDENCE_EXACT,     /* the values carry no sampling error: the bounds are what was seen */
	CONFIDENCE_BOOTSTRAP, /* as above */
};

struct confidence {
	double low, high;
	enum confidence_kind kind;
};

/*
 * What the values of a sample are: draws from a distribution, or exact counts, of which one says all (a
 * deterministic machine). Exact values that differ nevertheless give the range that was seen.
 */
enum sampling { SAMPLING_RANDOM, SAMPLING_EXACT };

struct confidence median_confidence(struct sample sample, enum sampling sampling);

/*
 * An interval that is to hold for another run of the same thing. values are in order of time. What median_confidence() says
 * of the boots is widened by how much consecutive groups of them differ beyond what boots differ (one-way random effects:
 * the variance of the groups' medians less pi/2 * spread^2 / size, Cramer, section 28.5), and is never narrower than
 * its resolution to both sides of the middle: what the clock cannot tell apart. Fewer than 9 values have no groups.
 */
struct confidence repeatable_confidence(struct sample sample);

/*
 * Of middle(a) - middle(b), from the intervals above of the two (method of variance estimates recovery: G. Zou and A. Donner,
 * Statistics in Medicine 27 (2008)).
 */
struct confidence difference_confidence(struct sample a, struct sample b, enum sampling sampling);

/*
 * The most that any interval within the range of n replicates can cover: the median lies outside of all n with
 * probability 2^(1-n) (W. Thompson, Annals of Mathematical Statistics 7 (1936)). Below 0.95 for n < 6.
 */
double coverage_limit(size_t n);

#endif
