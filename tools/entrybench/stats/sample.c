/* Location and spread of a few replicates. */
#include "stats/stats.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

/* GSL's order statistics reorder what they are given, so they get a copy. NULL where memory is out. */
static double *copy_of(struct sample sample)
{
	double *copy = malloc(sample.n * sizeof(*copy));

	return copy ? memcpy(copy, sample.values, sample.n * sizeof(*copy)) : NULL;
}

double sample_median(struct sample sample)
{
	if (!sample.n)
		return NAN;
	double *copy = copy_of(sample);
	double median = copy ? gsl_stats_median(copy, 1, sample.n) : NAN;

	free(copy);
	return median;
}

/* Sorted; NULL where memory is out. Free it. */
static double *sorted_copy_of(struct sample sample)
{
	double *copy = copy_of(sample);

	if (copy)
		gsl_sort(copy, 1, sample.n);
	return copy;
}

double sample_smallest(struct sample sample, size_t k)
{
	if (!sample.n)
		return NAN;
	double *sorted = sorted_copy_of(sample);
	double value = sorted ? sorted[(k < sample.n ? k : sample.n) - 1] : NAN;

	free(sorted);
	return value;
}

double sample_middle(struct sample sample)
{
	return sample_smallest(sample, (sample.n + 1) / 2);
}

double sample_quantile(struct sample sample, double q)
{
	if (!sample.n)
		return NAN;
	double *sorted = sorted_copy_of(sample);
	double quantile =
	    sorted ? gsl_stats_quantile_from_sorted_data(sorted, 1, sample.n, q) : NAN;

	free(sorted);
	return quantile;
}

double sample_min(struct sample sample)
{
	return gsl_stats_min(sample.values, 1, sample.n);
}

double sample_max(struct sample sample)
{
	return gsl_stats_max(sample.values, 1, sample.n);
}

double sample_spread(struct sample sample)
{
	if (sample.n < 2)
		return NAN;
	double *work = malloc(sample.n * sizeof(*work));
	double mad = work ? gsl_stats_mad(sample.values, 1, sample.n, work) : NAN;

	free(work);
	return mad == 0 ? gsl_stats_sd(sample.values, 1, sample.n) : mad;
}
