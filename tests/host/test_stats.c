/*
 * Median, spread, bootstrap, Mann-Whitney and judgement on published examples and on simulated
 * machines.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "stats/stats.h"

#define SAMPLE(...)                                                                                \
	((struct sample){.values = (const double[]){__VA_ARGS__},                                  \
			 .n = sizeof((const double[]){__VA_ARGS__}) / sizeof(double)})

static void assert_near(double value, double expected, double error)
{
	if (!(fabs(value - expected) <= error))
		fail_msg("%.9g is not %.9g +- %g", value, expected, error);
}

static void median_and_spread(void **state)
{
	(void)state;
	assert_near(sample_median(SAMPLE(3, 1, 2)), 2, 0);
	assert_near(sample_median(SAMPLE(4, 1, 3, 2)), 2.5, 0);
	assert_true(isnan(sample_median((struct sample){.values = NULL, .n = 0})));
	/* Deviations from the median 2 are 1 1 0 0 2 4 7: their median is 1. */
	assert_near(sample_spread(SAMPLE(1, 1, 2, 2, 4, 6, 9)), 1.4826, 1e-4);
	/* More than half are equal: the standard deviation of 1 1 1 1 6. */
	assert_near(sample_spread(SAMPLE(1, 1, 1, 1, 6)), sqrt(5), 1e-12);
	assert_true(isnan(sample_spread(SAMPLE(1))));
}

/*
 * M. Hollander and D. Wolfe (1973), page 69f: permeability of the amnion, as in R's help on
 * wilcox.test.
 */
static void mann_whitney_hollander_wolfe(void **state)
{
	(void)state;
	struct mann_whitney r =
	    mann_whitney(SAMPLE(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46),
			 SAMPLE(1.15, 0.88, 0.90, 0.74, 1.21));

	assert_near(r.u, 35, 0);
	assert_near(r.p, 2 * 0.1272, 1e-4);
	assert_true(r.exact);
}

/* SciPy's documentation of mannwhitneyu: ages at which diabetes was found in men and women. */
static void mann_whitney_scipy(void **state)
{
	(void)state;
	struct mann_whitney r = mann_whitney(SAMPLE(19, 22, 16, 29, 24), SAMPLE(20, 11, 17, 12));

	assert_near(r.u, 17, 0);
	assert_near(r.p, 0.1111111, 1e-6);
}

/*
 * Rank sums at least as far from their expectation, by trying all 2^n sets: an oracle that shares
 * no code.
 */
static double p_by_enumeration(struct sample a, struct sample b)
{
	double values[16] = {0}, ranks[16] = {0}, seen = 0;
	size_t n = a.n + b.n, far = 0, all = 0;

	for (size_t i = 0; i < n; i++)
		values[i] = i < a.n ? a.values[i] : b.values[i - a.n];
	for (size_t i = 0; i < n; i++) {
		ranks[i] = 0.5;
		for (size_t j = 0; j < n; j++)
			ranks[i] += values[j] < values[i] ? 1 : values[j] == values[i] ? 0.5 : 0;
	}
	for (size_t i = 0; i < a.n; i++)
		seen += ranks[i];
	double expected = (double)a.n * (double)(n + 1) / 2;

	for (unsigned set = 0; set < 1u << n; set++) {
		double sum = 0;

		if ((size_t)__builtin_popcount(set) != a.n)
			continue;
		for (size_t i = 0; i < n; i++)
			sum += set >> i & 1 ? ranks[i] : 0;
		all++;
		far += fabs(sum - expected) >= fabs(seen - expected);
	}
	return (double)far / (double)all;
}

static void mann_whitney_with_ties_equals_enumeration(void **state)
{
	(void)state;
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);

	for (int round = 0; round < 40; round++) {
		double values[12];
		size_t n = 2 + gsl_rng_uniform_int(rng, 4);

		for (int i = 0; i < 12; i++)
			values[i] = (double)gsl_rng_uniform_int(rng, 5);
		struct sample a = {.values = values, .n = n},
			      b = {.values = values + n, .n = 12 - n};

		assert_near(mann_whitney(a, b).p, p_by_enumeration(a, b), 1e-12);
	}
	gsl_rng_free(rng);
}

static void mann_whitney_extremes(void **state)
{
	(void)state;
	assert_near(mann_whitney(SAMPLE(5, 5, 5), SAMPLE(5, 5)).p, 1, 0);
	/* All of one below all of the other: 2 of the C(8,4) = 70 sets are as extreme. */
	assert_near(mann_whitney(SAMPLE(1, 2, 3, 4), SAMPLE(5, 6, 7, 8)).p, 2.0 / 70, 1e-15);
	assert_true(isnan(mann_whitney(SAMPLE(1), (struct sample){.values = NULL, .n = 0}).p));
}

/*
 * 30 zeros against 20 zeros and 10 ones, by hand: U = 300 of 900 pairs, variance 75 * (61 - 125940
 * / 3540) = 1906.8, z = 149.5 / 43.67. (The exact p is 2 * C(30,10) / C(60,10) = 0.0008.)
 */
static void mann_whitney_of_many_is_approximate(void **state)
{
	(void)state;
	double values[60] = {0};

	for (int i = 50; i < 60; i++)
		values[i] = 1;
	struct mann_whitney r = mann_whitney((struct sample){.values = values, .n = 30},
					     (struct sample){.values = values + 30, .n = 30});

	assert_false(r.exact);
	assert_near(r.u, 300, 0);
	assert_near(r.p, 6.18e-4, 1e-6);
}

static void few_replicates_are_said_to_be_few(void **state)
{
	(void)state;
	struct confidence one = median_confidence(SAMPLE(55), SAMPLING_RANDOM);
	struct confidence exact = median_confidence(SAMPLE(55, 55), SAMPLING_EXACT);

	assert_int_equal(one.kind, CONFIDENCE_NONE);
	assert_true(isnan(one.low) && isnan(one.high));
	assert_int_equal(exact.kind, CONFIDENCE_EXACT);
	assert_near(exact.low, 55, 0);
	assert_near(exact.high, 55, 0);
	assert_near(coverage_limit(5), 0.9375, 1e-15);
	assert_true(coverage_limit(6) > 0.95);
}

/*
 * The bootstrap distribution of a median of n = 7 is known in closed form: P(median* <= x(k)) is
 * the chance that at least 4 of 7 draws are among the k smallest. It is 0.010 at k = 1 and 0.100 at
 * k = 2: the bound is x(2) and, by symmetry, x(6).
 */
static void bootstrap_median_has_its_closed_form(void **state)
{
	(void)state;
	struct sample sample = SAMPLE(7, 3, 1, 5, 2, 4, 6);
	struct confidence c = median_confidence(sample, SAMPLING_RANDOM);

	assert_near(c.low, 2, 0);
	assert_near(c.high, 6, 0);
}

/*
 * One boot of a made-up machine: a level of its own by some tenths of a per cent, a tail that only
 * lengthens.
 */
static double simulated_boot(const gsl_rng *rng, double cost)
{
	return cost * (1 + gsl_ran_gaussian(rng, 0.004) + gsl_ran_exponential(rng, 0.002));
}

static unsigned changes_called(size_t n, double factor, unsigned rounds, double threshold)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	unsigned called = 0;

	gsl_rng_set(rng, 20 + n);
	for (unsigned round = 0; round < rounds; round++) {
		double a[32], b[32];

		for (size_t i = 0; i < n; i++) {
			a[i] = simulated_boot(rng, 700 * factor);
			b[i] = simulated_boot(rng, 700);
		}
		struct difference d =
		    difference_of((struct sample){.values = a, .n = n},
				  (struct sample){.values = b, .n = n}, SAMPLING_RANDOM, threshold);

		called += d.change == CHANGE_MORE || d.change == CHANGE_LESS;
	}
	gsl_rng_free(rng);
	return called;
}

static void equal_machines_raise_few_false_alarms(void **state)
{
	(void)state;
	/* No threshold, so that the statistics alone are on trial; 5 % of 250 trials are 12. */
	static const size_t sizes[] = {3, 4, 5, 10};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		unsigned called = changes_called(sizes[i], 1, 250, 0);

		if (called > 12)
			fail_msg("%zu boots: %u false alarms in 250", sizes[i], called);
	}
}

static void known_shift_is_found(void **state)
{
	(void)state;
	/* 2 % against a spread of half a per cent, with a threshold of 1 %. */
	unsigned found = changes_called(10, 1.02, 100, 7);

	if (found < 95)
		fail_msg("a shift of 2 %% was found in %u of 100", found);
}

static void judgement(void **state)
{
	(void)state;
	struct sample low = SAMPLE(100, 101, 100, 102, 101, 100),
		      high = SAMPLE(110, 111, 112, 110, 111, 110);
	struct sample wild = SAMPLE(80, 130, 95, 120, 90, 105);

	assert_int_equal(difference_of(high, low, SAMPLING_RANDOM, 1).change, CHANGE_MORE);
	assert_int_equal(difference_of(low, high, SAMPLING_RANDOM, 1).change, CHANGE_LESS);
	assert_int_equal(difference_of(low, low, SAMPLING_RANDOM, 5).change, CHANGE_NONE);
	/* Beyond doubt, but below the threshold. */
	assert_int_equal(difference_of(high, low, SAMPLING_RANDOM, 20).change, CHANGE_NONE);

	struct difference open = difference_of(wild, low, SAMPLING_RANDOM, 1);

	assert_int_equal(open.change, CHANGE_INCONCLUSIVE);
	assert_true(open.needs > 6);
}

static void exact_values_differ_or_do_not(void **state)
{
	(void)state;
	struct difference same = difference_of(SAMPLE(55), SAMPLE(55, 55), SAMPLING_EXACT, 0);
	struct difference more = difference_of(SAMPLE(56), SAMPLE(55, 55), SAMPLING_EXACT, 0);

	assert_int_equal(same.change, CHANGE_NONE);
	assert_int_equal(more.change, CHANGE_MORE);
	assert_near(more.delta, 1, 0);
	assert_near(more.confidence.low, 1, 0);
	assert_near(more.confidence.high, 1, 0);
	assert_true(isnan(more.p));
}

/* pi * (1.95996 + 0.84162)^2 * (1.4826 / 2)^2 = 13.55 */
static void replicates_needed_follows_its_formula(void **state)
{
	(void)state;
	struct sample a = SAMPLE(1, 1, 2, 2, 4, 6, 9), b = SAMPLE(0, 0, 0);

	assert_near(replicates_needed(a, b, 2), 14, 0);
	assert_near(replicates_needed(a, b, 1000), 4, 0);
	assert_true(isnan(replicates_needed(a, SAMPLE(1), 2)));
	assert_true(isnan(replicates_needed(a, b, 0)));
}

/* Binomial coefficients over 2^n, by hand. */
static void signs_fall_like_coins(void **state)
{
	(void)state;
	static const double values[] = {1, 2, 3, 4, 5, 6, -1, 0, 0};

	assert_true(fabs(sign_test((struct sample){.values = values, .n = 6}) - 2.0 / 64) < 1e-12);
	assert_true(fabs(sign_test((struct sample){.values = values, .n = 9}) - 2.0 * 8 / 128) <
		    1e-12);
	assert_true(sign_test((struct sample){.values = values + 5, .n = 2}) == 1);
	assert_true(sign_test((struct sample){.values = values + 7, .n = 2}) == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(signs_fall_like_coins),
	    cmocka_unit_test(median_and_spread),
	    cmocka_unit_test(mann_whitney_hollander_wolfe),
	    cmocka_unit_test(mann_whitney_scipy),
	    cmocka_unit_test(mann_whitney_with_ties_equals_enumeration),
	    cmocka_unit_test(mann_whitney_extremes),
	    cmocka_unit_test(mann_whitney_of_many_is_approximate),
	    cmocka_unit_test(few_replicates_are_said_to_be_few),
	    cmocka_unit_test(bootstrap_median_has_its_closed_form),
	    cmocka_unit_test(equal_machines_raise_few_false_alarms),
	    cmocka_unit_test(known_shift_is_found),
	    cmocka_unit_test(judgement),
	    cmocka_unit_test(exact_values_differ_or_do_not),
	    cmocka_unit_test(replicates_needed_follows_its_formula),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
