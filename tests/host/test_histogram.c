/*
 * Histogram: exactness below the limit, error above it, extremes, quantiles, merge, JSON and back.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <gsl/gsl_rng.h>

#include "stats/stats.h"

static struct histogram *of(const int64_t *values, size_t count)
{
	struct histogram *h = histogram_new();

	assert_non_null(h);
	for (size_t i = 0; i < count; i++)
		assert_true(histogram_add(h, values[i], 1));
	return h;
}

static void empty_has_nothing(void **state)
{
	(void)state;
	struct histogram *h = histogram_new();

	assert_int_equal(h->n, 0);
	assert_int_equal(histogram_quantile(h, 0.5), 0);
	assert_true(histogram_add(h, 5, 0));
	assert_int_equal(h->n, 0);
	histogram_free(h);
}

/*
 * Definition 1 of Hyndman and Fan on 15 20 35 40 50: the nearest-rank example found in textbooks.
 */
static void quantile_is_nearest_rank(void **state)
{
	(void)state;
	const int64_t values[] = {35, 20, 15, 50, 40};
	struct histogram *h = of(values, 5);

	assert_int_equal(histogram_quantile(h, 0), 15);
	assert_int_equal(histogram_quantile(h, 0.05), 15);
	assert_int_equal(histogram_quantile(h, 0.30), 20);
	assert_int_equal(histogram_quantile(h, 0.40), 20);
	assert_int_equal(histogram_quantile(h, 0.50), 35);
	assert_int_equal(histogram_quantile(h, 1), 50);
	histogram_free(h);
}

/* Though both have one slot. */
static void least_is_told_from_what_is_near(void **state)
{
	(void)state;
	const int64_t values[] = {25377, 25372, 25377, 25372, 25372};
	struct histogram *h = of(values, 5);

	assert_int_equal(h->least, 3);
	histogram_add(h, 25371, 2);
	assert_int_equal(h->least, 2);
	histogram_free(h);
}

static void small_values_are_exact_negative_too(void **state)
{
	(void)state;
	struct histogram *h = histogram_new();

	for (int64_t v = -HISTOGRAM_EXACT + 1; v < HISTOGRAM_EXACT; v++)
		assert_true(histogram_add(h, v, 1));
	for (int rank = 1; rank < 2 * HISTOGRAM_EXACT; rank += 37)
		assert_int_equal(histogram_quantile(h, (rank - 0.5) / (2 * HISTOGRAM_EXACT - 1)),
				 rank - HISTOGRAM_EXACT);
	histogram_free(h);
}

static void assert_close(int64_t value)
{
	/* Company on both sides, so that neither minimum nor maximum gives the value away. */
	const int64_t values[] = {INT64_MIN, value, INT64_MAX};
	struct histogram *h = of(values, 3);
	double error = fabs((double)histogram_quantile(h, 0.5) - (double)value);

	assert_true(error <= fabs((double)value) / HISTOGRAM_ERROR);
	histogram_free(h);
}

static void error_stays_within_its_bound(void **state)
{
	(void)state;
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);

	for (int i = 0; i < 20000; i++) {
		uint64_t bits = (uint64_t)gsl_rng_get(rng) << 32 | gsl_rng_get(rng);
		int64_t value = (int64_t)(bits >> (1 + i % 63));

		assert_close(value);
		assert_close(-value);
	}
	for (int bit = 0; bit < 63; bit++)
		for (int64_t near = -1; near <= 1; near++)
			assert_close((INT64_C(1) << bit) + near);
	gsl_rng_free(rng);
}

static void extremes_and_negatives_are_counted(void **state)
{
	(void)state;
	struct histogram *h = histogram_new();

	assert_true(histogram_add(h, 7, 1));
	assert_true(histogram_add(h, 8, 1));
	assert_true(histogram_add(h, -7, 2));
	assert_true(histogram_add(h, -8, 3));
	assert_int_equal(h->max, 8);
	assert_int_equal(h->min, -8);
	assert_int_equal(h->n, 7);
	histogram_free(h);
}

static void extremes_of_int64_are_kept(void **state)
{
	(void)state;
	const int64_t values[] = {INT64_MAX, INT64_MIN, 0, INT64_MIN + 1};
	struct histogram *h = of(values, 4);

	assert_true(h->min == INT64_MIN);
	assert_true(h->max == INT64_MAX);
	assert_true(histogram_quantile(h, 0.5) < 0);
	histogram_free(h);
}

static void counts_up_to_int64_and_no_further(void **state)
{
	(void)state;
	struct histogram *h = histogram_new();

	assert_true(histogram_add(h, 7, (uint64_t)INT64_MAX - 1));
	assert_true(histogram_add(h, 9, 1));
	assert_false(histogram_add(h, 8, 1));
	assert_int_equal(h->n, INT64_MAX);
	assert_int_equal(histogram_quantile(h, 0.999), 7);
	assert_int_equal(histogram_quantile(h, 1), 9);
	histogram_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(empty_has_nothing),
	    cmocka_unit_test(quantile_is_nearest_rank),
	    cmocka_unit_test(least_is_told_from_what_is_near),
	    cmocka_unit_test(small_values_are_exact_negative_too),
	    cmocka_unit_test(error_stays_within_its_bound),
	    cmocka_unit_test(extremes_and_negatives_are_counted),
	    cmocka_unit_test(extremes_of_int64_are_kept),
	    cmocka_unit_test(counts_up_to_int64_and_no_further),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
