/* Intervals for a median and for a difference of two. */
#include "stats/stats.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_statistics_double.h>

static const struct confidence unknown = {NAN, NAN, CONFIDENCE_NONE};

/*
 * The least rank k for which P(middle* <= x(k)) reaches `part`: that at least (n + 1) / 2 of n
 * draws with replacement are among the k smallest, each with chance k / n.
 */
static size_t bootstrap_rank(size_t n, double part)
{
	unsigned fewer = (unsigned)(n + 1) / 2 - 1;

	for (size_t k = 1; k < n; k++)
		if (gsl_cdf_binomial_Q(fewer, (double)k / (double)n, (unsigned)n) >= part)
			return k;
	return n;
}

struct confidence median_confidence(struct sample sample, enum sampling sampling)
{
	if (sampling == SAMPLING_EXACT && sample.n)
		return (struct confidence){sample_smallest(sample, 1),
					   sample_smallest(sample, sample.n), CONFIDENCE_EXACT};
	if (sample.n < 2)
		return unknown;
	return (struct confidence){
	    .low = sample_smallest(sample, bootstrap_rank(sample.n, 0.025)),
	    .high = sample_smallest(sample, bootstrap_rank(sample.n, 0.975)),
	    .kind = CONFIDENCE_BOOTSTRAP,
	};
}

#define GROUPS_MAX 8
#define GROUP_SIZE 3

/*
 * Standard deviation of what consecutive groups of the values have in common each; 0 where there
 * are too few to tell.
 */
static double group_spread(struct sample sample)
{
	size_t groups = MIN(sample.n / GROUP_SIZE, GROUPS_MAX);
	double medians[GROUPS_MAX], residual_sum = 0, variance;

	if (groups < 3)
		return 0;
	for (size_t g = 0; g < groups; g++) {
		size_t first = g * sample.n / groups, end = (g + 1) * sample.n / groups;
		struct sample group = {.values = sample.values + first, .n = end - first};

		medians[g] = sample_median(group);
		residual_sum += gsl_pow_2(sample_spread(group)) / (double)group.n;
	}
	variance = gsl_stats_variance(medians, 1, groups) - M_PI_2 * residual_sum / (double)groups;
	return variance > 0 ? sqrt(variance) : 0;
}

struct confidence repeatable_confidence(struct sample sample)
{
	struct confidence c = median_confidence(sample, SAMPLING_RANDOM);
	double middle = sample_middle(sample);
	double common =
	    hypot(gsl_cdf_ugaussian_Pinv(0.975) * group_spread(sample), sample.drift / 2 * middle);

	if (c.kind == CONFIDENCE_NONE)
		return c;
	c.low = middle - fmax(hypot(middle - c.low, common), sample.resolution);
	c.high = middle + fmax(hypot(c.high - middle, common), sample.resolution);
	return c;
}

struct confidence difference_confidence(struct sample a, struct sample b, enum sampling sampling)
{
	if (sampling == SAMPLING_EXACT && a.n && b.n)
		return (struct confidence){sample_smallest(a, 1) - sample_smallest(b, b.n),
					   sample_smallest(a, a.n) - sample_smallest(b, 1),
					   CONFIDENCE_EXACT};
	if (a.n < 2 || b.n < 2)
		return unknown;
	struct confidence left = repeatable_confidence(a);
	struct confidence right = repeatable_confidence(b);
	double middle_a = sample_middle(a), middle_b = sample_middle(b);
	double delta = middle_a - middle_b;

	return (struct confidence){
	    .low = delta - hypot(middle_a - left.low, right.high - middle_b),
	    .high = delta + hypot(left.high - middle_a, middle_b - right.low),
	    .kind = CONFIDENCE_BOOTSTRAP,
	};
}

double coverage_limit(size_t n)
{
	return n ? 1 - ldexp(1, 1 - (int)n) : 0;
}
