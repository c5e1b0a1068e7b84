/* Bootstrap intervals for a median and for a difference of two medians. */
#include "bootstrap.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

static const struct confidence unknown = {NAN, NAN, CONFIDENCE_NONE};

static double resampled_median(const gsl_rng *rng, struct sample sample, double *scratch)
{
	gsl_ran_sample(rng, scratch, sample.n, (void *)sample.values, sample.n, sizeof(*scratch));
	return gsl_stats_median(scratch, 1, sample.n);
}

/* Bounds of the middle 95 % of the resampled statistic, which is sorted in place. */
static struct confidence middle_of(double *statistic)
{
	size_t low = (size_t)(0.025 * BOOTSTRAP_RESAMPLES);

	gsl_sort(statistic, 1, BOOTSTRAP_RESAMPLES);
	return (struct confidence){statistic[low], statistic[BOOTSTRAP_RESAMPLES - 1 - low],
				   CONFIDENCE_BOOTSTRAP};
}

/* Of median(a), or of median(a) - median(b) where b is not empty. */
static struct confidence bootstrap(struct sample a, struct sample b, uint64_t seed)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double *statistic = malloc(BOOTSTRAP_RESAMPLES * sizeof(*statistic));
	double *scratch = malloc((a.n > b.n ? a.n : b.n) * sizeof(*scratch));
	struct confidence result = unknown;

	if (rng && statistic && scratch) {
		gsl_rng_set(rng, (unsigned long)seed);
		for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++) {
			statistic[i] = resampled_median(rng, a, scratch);
			if (b.n)
				statistic[i] -= resampled_median(rng, b, scratch);
		}
		result = middle_of(statistic);
	}
	free(scratch);
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
	return bootstrap(sample, (struct sample){NULL, 0}, seed);
}

struct confidence difference_confidence(struct sample a, struct sample b, enum sampling sampling,
					uint64_t seed)
{
	if (sampling == SAMPLING_EXACT && a.n && b.n)
		return (struct confidence){sample_min(a) - sample_max(b),
					   sample_max(a) - sample_min(b), CONFIDENCE_EXACT};
	if (a.n < 2 || b.n < 2)
		return unknown;
	return bootstrap(a, b, seed);
}

double coverage_limit(size_t n)
{
	return n ? 1 - ldexp(1, 1 - (int)n) : 0;
}
