/* Levels by gaps between sorted values. */
#include "stats/stats.h"

#include <gsl/gsl_sort.h>

/* Width of the densest third of the values, of two at least. */
static double densest_third(const double *sorted, size_t n)
{
	size_t third = MAX((n + 2) / 3, 2);
	double width = INFINITY;

	for (size_t i = 0; i + third <= n; i++)
		width = fmin(width, sorted[i + third - 1] - sorted[i]);
	return width;
}

static double gap_least(const double *sorted, size_t n, double resolution)
{
	double apart = n < LEVELS_FEW ? LEVELS_APART_FEW : LEVELS_APART;
	double gap = fmax(apart * fabs(sorted[0]), resolution);

	/* Of two values nothing says how wide a level is. */
	return n > 2 ? fmax(gap, LEVELS_CLEAR * densest_third(sorted, n)) : gap;
}

static bool is_level(size_t size, size_t n)
{
	return size >= 2 || (double)size >= LEVELS_SHARE * (double)n;
}

static void add_level(struct levels *levels, const double *sorted, size_t size)
{
	levels->at[levels->count++] = (struct level){
	    .estimate = sorted[(size - 1) / 2],
	    .low = sorted[0],
	    .high = sorted[size - 1],
	    .n = size,
	};
}

/*
 * The levels are sorted[start...end - 1] each; outliers at the top stay with what is below, one at
 * the bottom with what is above.
 */
void levels_find(struct sample sample, struct levels *levels)
{
	g_autofree double *sorted = g_memdup2(sample.values, sample.n * sizeof(*sorted));
	size_t start = 0;
	double gap;

	*levels = (struct levels){.count = 0};
	if (!sample.n)
		return;
	gsl_sort(sorted, 1, sample.n);
	gap = gap_least(sorted, sample.n, sample.resolution);
	for (size_t i = 1; i < sample.n; i++) {
		size_t next = i + 1;

		if (sorted[i] - sorted[i - 1] <= gap || !is_level(i - start, sample.n))
			continue;
		while (next < sample.n && sorted[next] - sorted[next - 1] <= gap)
			next++;
		if (!is_level(next - i, sample.n) || levels->count == LEVELS_MAX - 1)
			continue;
		add_level(levels, sorted + start, i - start);
		start = i;
	}
	add_level(levels, sorted + start, sample.n - start);
}
