/* Judgement over two samples, and over many at once. */
#include "stats/stats.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>

#define SIGNIFICANCE	 0.05
#define POWER		 0.8
#define REPLICATES_LEAST 4

static enum change judge(const struct difference *d, double threshold)
{
	const struct confidence *c = &d->confidence;

	if (c->kind == CONFIDENCE_NONE)
		return CHANGE_INCONCLUSIVE;
	bool excludes_zero = c->low > 0 || c->high < 0;
	bool significant = c->kind == CONFIDENCE_EXACT || d->p < SIGNIFICANCE;

	if (excludes_zero && significant && fabs(d->delta) > threshold)
		return d->delta < 0 ? CHANGE_LESS : CHANGE_MORE;
	if (c->low >= -threshold && c->high <= threshold)
		return CHANGE_NONE;
	return CHANGE_INCONCLUSIVE;
}

struct difference difference_of(struct sample a, struct sample b, enum sampling sampling,
				double threshold)
{
	struct difference d = {
	    .delta = sample_middle(a) - sample_middle(b),
	    .confidence = difference_confidence(a, b, sampling),
	    .p = sampling == SAMPLING_EXACT ? NAN : mann_whitney(a, b).p,
	    .needs = NAN,
	};

	d.change = judge(&d, threshold);
	if (d.change == CHANGE_INCONCLUSIVE && sampling == SAMPLING_RANDOM) {
		/* A change must stand off from zero, equality must stand off from the threshold. */
		double size = fabs(d.delta);
		double apart = size > threshold ? size : threshold - size;
		double needs = replicates_needed(a, b, apart);

		d.needs = isnan(needs) ? NAN : fmax(needs, (double)MIN(a.n, b.n) + 1);
	}
	return d;
}

double sign_test(struct sample differences)
{
	unsigned below = 0, above = 0;

	for (size_t i = 0; i < differences.n; i++) {
		below += differences.values[i] < 0;
		above += differences.values[i] > 0;
	}
	if (!below && !above)
		return 1;
	return fmin(1, 2 * gsl_cdf_binomial_P(below < above ? below : above, 0.5, below + above));
}

struct difference paired_difference_of(struct sample differences, double threshold)
{
	struct difference d = {
	    .delta = sample_middle(differences),
	    .confidence = repeatable_confidence(differences),
	    .p = sign_test(differences),
	    .needs = NAN,
	};

	d.change = judge(&d, threshold);
	return d;
}

double replicates_needed(struct sample a, struct sample b, double effect)
{
	double spread = fmax(sample_spread(a), sample_spread(b));

	if (a.n < 2 || b.n < 2 || !(effect > 0))
		return NAN;
	double z = gsl_cdf_ugaussian_Pinv(1 - SIGNIFICANCE / 2) + gsl_cdf_ugaussian_Pinv(POWER);

	return fmax(REPLICATES_LEAST, ceil(M_PI * gsl_pow_2(z * spread / effect)));
}

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
