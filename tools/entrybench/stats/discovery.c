/* Benjamini-Hochberg. */
#include "stats/stats.h"

static int by_value(const void *left, const void *right)
{
	double a = **(double *const *)left, b = **(double *const *)right;

	return (a > b) - (a < b);
}

void discovery_adjust(double *p, size_t count)
{
	g_autofree double **sorted = g_new(double *, count + 1);
	size_t tests = 0;
	double least = 1;

	for (size_t i = 0; i < count; i++)
		if (!isnan(p[i]))
			sorted[tests++] = &p[i];
	qsort(sorted, tests, sizeof(*sorted), by_value);
	for (size_t i = tests; i-- > 0;) {
		least = fmin(least, *sorted[i] * (double)tests / (double)(i + 1));
		*sorted[i] = least;
	}
}
