/* Location and spread of a few replicates. */
#include "stats/stats.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

/* g_free() it. */
static double *sorted_copy(struct sample sample)
{
	double *copy = g_memdup2(sample.values, sample.n * sizeof(*copy));

	gsl_sort(copy, 1, sample.n);
	return copy;
}

double sample_median(struct sample sample)
{
	return sample_quantile(sample, 0.5);
}

double sample_smallest(struct sample sample, size_t k)
{
	g_autofree double *sorted = sorted_copy(sample);

	return sample.n ? sorted[MIN(k, sample.n) - 1] : NAN;
}

double sample_middle(struct sample sample)
{
	return sample_smallest(sample, (sample.n + 1) / 2);
}

double sample_quantile(struct sample sample, double q)
{
	g_autofree double *sorted = sorted_copy(sample);

	return sample.n ? gsl_stats_quantile_from_sorted_data(sorted, 1, sample.n, q) : NAN;
}

double sample_spread(struct sample sample)
{
	g_autofree double *work = g_new(double, sample.n);
	double mad = sample.n < 2 ? NAN : gsl_stats_mad(sample.values, 1, sample.n, work);

	return mad == 0 ? gsl_stats_sd(sample.values, 1, sample.n) : mad;
}
