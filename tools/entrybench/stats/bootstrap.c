/* Intervals for a median and for a difference of two. */
#include "bootstrap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

static const struct confidence unknown = {NAN, NAN, CONFIDENCE_NONE};

/* A sorted copy of a sample, and room to count how often each of its values is drawn. */
struct urn {
	double *values;
	unsigned *drawn;
	size_t n;
};

static bool urn_fill(struct urn *urn, struct sample sample)
{
	*urn = (struct urn){malloc(sample.n * sizeof(*urn->values)),
			    malloc(sample.n * sizeof(*urn->drawn)), sample.n};
	if (!urn->values || !urn->drawn)
		return false;
	memcpy(urn->values, sample.values, sample.n * sizeof(*urn->values));
	gsl_sort(urn->values, 1, sample.n);
	return true;
}

static void urn_empty(struct urn *urn)
{
	free(urn->values);
	free(urn->drawn);
}

/* The value of that rank, from 1, among the drawn ones; *at and *passed go on from a lower rank. */
static double value_of_rank(const struct urn *urn, size_t rank, size_t *at, size_t *passed)
{
	while (*passed < rank)
		*passed += urn->drawn[(*at)++];
	return urn->values[*at - 1];
}

/* The median of n draws with replacement. Counting draws of sorted values spares sorting what was drawn. */
static double resampled_median(const gsl_rng *rng, struct urn *urn)
{
	size_t at = 0, passed = 0;

	memset(urn->drawn, 0, urn->n * sizeof(*urn->drawn));
	for (size_t i = 0; i < urn->n; i++)
		urn->drawn[gsl_rng_uniform_int(rng, urn->n)]++;
	double low = value_of_rank(urn, (urn->n + 1) / 2, &at, &passed);
	double high = value_of_rank(urn, urn->n / 2 + 1, &at, &passed);

	return (low + high) / 2;
}

/* Bounds of the middle 95 % of the resampled statistic, which is sorted in place. */
static struct confidence middle_of(double *statistic)
{
	size_t low = (size_t)(0.025 * BOOTSTRAP_RESAMPLES);

	gsl_sort(statistic, 1, BOOTSTRAP_RESAMPLES);
	return (struct confidence){statistic[low], statistic[BOOTSTRAP_RESAMPLES - 1 - low],
				   CONFIDENCE_BOOTSTRAP};
}

static struct confidence bootstrap(struct urn *urn, uint64_t seed)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double *statistic = malloc(BOOTSTRAP_RESAMPLES * sizeof(*statistic));
	struct confidence result = unknown;

	if (rng && statistic) {
		gsl_rng_set(rng, (unsigned long)seed);
		for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++)
			statistic[i] = resampled_median(rng, urn);
		result = middle_of(statistic);
	}
	free(statistic);
	if (rng)
		gsl_rng_free(rng);
	return result;
}

struct confidence median_confidence(struct sample sample, enum sampling sampling, uint64_t seed)
{
	if (sampling == SAMPLING_EXACT && sample.n)
		return (struct confidence){sample_min(sample), sample_max(sample),
					   CONFIDENCE_EXACT};
	if (sample.n < 2)
		return unknown;
	struct confidence result = unknown;
	struct urn urn;

	if (urn_fill(&urn, sample))
		result = bootstrap(&urn, seed);
	urn_empty(&urn);
	return result;
}

#define GROUPS_MAX 8
#define GROUP_SIZE 3

/* Standard deviation of what consecutive groups of the values have in common each; 0 where there are too few to tell. */
static double group_spread(struct sample sample)
{
	size_t groups = sample.n / GROUP_SIZE < GROUPS_MAX ? sample.n / GROUP_SIZE : GROUPS_MAX;
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

struct confidence repeatable_confidence(struct sample sample, uint64_t seed)
{
	struct confidence c = median_confidence(sample, SAMPLING_RANDOM, seed);
	double middle = sample_middle(sample);
	double common = gsl_cdf_ugaussian_Pinv(0.975) * group_spread(sample);

	if (c.kind == CONFIDENCE_NONE)
		return c;
	c.low = middle - fmax(hypot(middle - c.low, common), sample.resolution);
	c.high = middle + fmax(hypot(c.high - middle, common), sample.resolution);
	return c;
}

struct confidence difference_confidence(struct sample a, struct sample b, enum sampling sampling,
					uint64_t seed)
{
	if (sampling == SAMPLING_EXACT && a.n && b.n)
		return (struct confidence){sample_min(a) - sample_max(b),
					   sample_max(a) - sample_min(b), CONFIDENCE_EXACT};
	if (a.n < 2 || b.n < 2)
		return unknown;
	struct confidence left = repeatable_confidence(a, seed);
	struct confidence right = repeatable_confidence(b, seed + 1);
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
