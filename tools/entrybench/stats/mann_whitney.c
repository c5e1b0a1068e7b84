/* Mann-Whitney test, exact with ties for small samples. */
#include "stats/stats.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>

/* Twice the mid-rank of each value of a then b: whole numbers, whatever the ties. */
struct ranks {
	size_t *doubled;
	size_t n;
	double ties; /* sum of t^3 - t over groups of t equal values */
};

static void rank_all(struct sample a, struct sample b, struct ranks *ranks)
{
	size_t n = a.n + b.n;
	g_autofree double *values = g_new(double, n);
	g_autofree size_t *order = g_new(size_t, n);

	*ranks = (struct ranks){.doubled = g_new(size_t, n), .n = n};
	memcpy(values, a.values, a.n * sizeof(*values));
	memcpy(values + a.n, b.values, b.n * sizeof(*values));
	gsl_sort_index(order, values, 1, n);
	for (size_t first = 0, next; first < n; first = next) {
		for (next = first + 1; next < n && values[order[next]] == values[order[first]];)
			next++;
		/* Ranks first+1 .. next: twice their mean is the sum of the two ends. */
		for (size_t i = first; i < next; i++)
			ranks->doubled[order[i]] = first + 1 + next;
		double t = (double)(next - first);

		ranks->ties += t * t * t - t;
	}
}

/*
 * ways[k * stride + s]: how many sets of k of the values have doubled ranks that sum to s. Each
 * value in turn either joins a set or does not.
 */
static double *count_sets(const struct ranks *ranks, size_t size, size_t stride)
{
	double *ways = g_new0(double, (size + 1) * stride);

	ways[0] = 1;
	for (size_t i = 0; i < ranks->n; i++) {
		size_t rank = ranks->doubled[i];

		for (size_t k = MIN(i + 1, size); k > 0; k--)
			for (size_t s = rank; s < stride; s++)
				ways[k * stride + s] += ways[(k - 1) * stride + s - rank];
	}
	return ways;
}

static double exact_p(const struct ranks *ranks, size_t size, size_t sum)
{
	size_t stride = ranks->n * (ranks->n + 1) + 1;
	g_autofree double *ways = count_sets(ranks, size, stride);
	double expected = (double)size * (double)(ranks->n + 1);
	double distance = fabs((double)sum - expected), far = 0, all = 0;

	for (size_t s = 0; s < stride; s++) {
		double count = ways[size * stride + s];

		all += count;
		if (fabs((double)s - expected) >= distance)
			far += count;
	}
	return far / all;
}

static double normal_p(const struct ranks *ranks, double m, double n, double u)
{
	double total = m + n;
	double variance = m * n / 12 * (total + 1 - ranks->ties / (total * (total - 1)));
	double distance = fabs(u - m * n / 2) - 0.5;

	if (!(variance > 0) || distance <= 0)
		return 1;
	return 2 * gsl_cdf_ugaussian_Q(distance / sqrt(variance));
}

struct mann_whitney mann_whitney(struct sample a, struct sample b)
{
	struct mann_whitney result = {NAN, NAN, false};
	struct ranks ranks;
	size_t sum = 0;

	if (!a.n || !b.n)
		return result;
	rank_all(a, b, &ranks);
	for (size_t i = 0; i < a.n; i++)
		sum += ranks.doubled[i];
	result.u = (double)sum / 2 - (double)a.n * (double)(a.n + 1) / 2;
	result.exact = ranks.n <= MANN_WHITNEY_EXACT;
	result.p = result.exact ? exact_p(&ranks, a.n, sum)
				: normal_p(&ranks, (double)a.n, (double)b.n, result.u);
	g_free(ranks.doubled);
	return result;
}
