/*
 * Mann-Whitney test: do two independent samples come from the same distribution?
 * (H. Mann and D. Whitney, Annals of Mathematical Statistics 18 (1947).)
 */
#ifndef STATS_MANN_WHITNEY_H
#define STATS_MANN_WHITNEY_H

#include <stdbool.h>

#include "sample.h"

/* Up to this many values in both samples together p is exact: the counts of subsets still fit a double exactly. */
#define MANN_WHITNEY_EXACT 50

struct mann_whitney {
	double u; /* pairs in which the value of a is the greater one; a tie counts one half */
	double p; /* two-sided */
	bool exact;
};

/*
 * Exact: the permutation distribution of the sum of mid-ranks given the ties, by the shift algorithm (B. Streitberg
 * and J. Roehmel, Statistical Software Newsletter 12 (1986)); two-sided p is the probability of a rank sum at least
 * as far from its expectation as the one seen. Beyond MANN_WHITNEY_EXACT values: normal approximation with
 * continuity correction and the variance for ties (E. Lehmann, "Nonparametrics" (1975), section 1.4).
 * All NAN where a sample is empty or memory is out; p = 1 where all values are equal.
 */
struct mann_whitney mann_whitney(struct sample a, struct sample b);

#endif
