/*
 * Levels and intervals on simulated boots: splits that are false, splits that are missed, runs that
 * exclude each other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <glib.h>

#include "stats/stats.h"

#define TIMES 2000
#define N_MAX 60

static gsl_rng *rng;

/* As boots on silicon come out: a floor, noise, and a tail to one side. */
static double boot(double floor, double noise)
{
	return floor * (1 + gsl_ran_gaussian(rng, noise) + gsl_ran_exponential(rng, noise));
}

static void fill(double *values, size_t n, const double *floors, size_t levels, double noise)
{
	for (size_t i = 0; i < n; i++)
		values[i] = boot(floors[i % levels], noise);
}

static void one_level_is_not_split(void **state)
{
	static const double noises[] = {0.0002, 0.001, 0.005, 0.02};
	static const size_t sizes[] = {3, 5, 10, 25, 50};
	const double floor = 299;
	double values[N_MAX];
	struct levels levels;

	(void)state;
	for (size_t k = 0; k < G_N_ELEMENTS(noises); k++)
		for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++) {
			unsigned split = 0;

			for (int i = 0; i < TIMES; i++) {
				fill(values, sizes[s], &floor, 1, noises[k]);
				levels_find((struct sample){.values = values,
							    .n = sizes[s],
							    .resolution = 0.4},
					    &levels);
				split += levels.count > 1;
			}
			if (split > 0.02 * TIMES)
				fail_msg("%u of %d split: noise %g, %zu boots", split, TIMES,
					 noises[k], sizes[s]);
		}
}

/* The levels that were seen, 98 cycles apart; and three of them. */
static void levels_are_found(void **state)
{
	static const double floors[] = {299, 397, 495};
	double values[N_MAX];
	struct levels levels;

	(void)state;
	for (size_t count = 2; count <= 3; count++)
		for (size_t n = 6; n <= 48; n += 6) {
			unsigned missed = 0;

			for (int i = 0; i < TIMES; i++) {
				fill(values, n, floors, count, 0.002);
				levels_find(
				    (struct sample){.values = values, .n = n, .resolution = 0.4},
				    &levels);
				missed += levels.count != count;
				for (size_t l = 0; l < levels.count && levels.count == count; l++)
					assert_int_equal(levels.at[l].n, n / count);
			}
			if (missed > 0.01 * TIMES)
				fail_msg("%u of %d missed: %zu levels, %zu boots", missed, TIMES,
					 count, n);
		}
}

/*
 * Whatever the shares, and whether the split is seen or not: an estimate is what a boot measured.
 */
static void no_estimate_between_levels(void **state)
{
	double values[N_MAX];
	struct levels levels;

	(void)state;
	for (int i = 0; i < 10 * TIMES; i++) {
		size_t n = 2 + gsl_rng_uniform_int(rng, N_MAX - 1);
		double share = gsl_rng_uniform(rng);

		for (size_t b = 0; b < n; b++)
			values[b] = boot(gsl_rng_uniform(rng) < share ? 397 : 299, 0.002);
		levels_find((struct sample){.values = values, .n = n, .resolution = 0.4}, &levels);
		for (size_t l = 0; l < levels.count; l++)
			if (levels.at[l].estimate > 320 && levels.at[l].estimate < 390)
				fail_msg("%g is between the levels", levels.at[l].estimate);
		double middle = sample_middle((struct sample){.values = values, .n = n});

		assert_true(middle < 320 || middle > 390);
	}
}

static void small_cases(void **state)
{
	struct levels levels;

	(void)state;
	levels_find((struct sample){.resolution = 1}, &levels);
	assert_int_equal(levels.count, 0);
	levels_find((struct sample){.values = (double[]){299}, .n = 1, .resolution = 1}, &levels);
	assert_int_equal(levels.count, 1);
	levels_find((struct sample){.values = (double[]){397, 299}, .n = 2, .resolution = 1},
		    &levels);
	assert_int_equal(levels.count, 2);
	assert_true(levels.at[0].estimate == 299 && levels.at[1].estimate == 397);
	/* Equal to the last digit, but for what the clock cannot tell. */
	levels_find((struct sample){.values = (double[]){10, 10, 10, 10.5, 10.5, 10.5},
				    .n = 6,
				    .resolution = 0.81},
		    &levels);
	assert_int_equal(levels.count, 1);
	levels_find((struct sample){.values = (double[]){212, 212, 212, 243, 243, 212},
				    .n = 6,
				    .resolution = 0.81},
		    &levels);
	assert_int_equal(levels.count, 2);
	assert_int_equal(levels.at[1].n, 2);
	/* One of ten is an outlier: it is no level, and it is not dropped. */
	levels_find(
	    (struct sample){.values = (double[]){299, 299, 299, 299, 299, 299, 299, 299, 299, 397},
			    .n = 10},
	    &levels);
	assert_int_equal(levels.count, 1);
	assert_true(levels.at[0].n == 10 && levels.at[0].high == 397);
	/* Far more levels than there is room for: the rest is one. */
	levels_find(
	    (struct sample){.values = (double[]){1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4}, .n = 12},
	    &levels);
	assert_int_equal(levels.count, LEVELS_MAX);
	assert_int_equal(levels.at[LEVELS_MAX - 1].n, 4);
}

/*
 * Fifteen runs of 50 boots; each run, and each stretch of it, has a shift of its own. drift is what
 * is known of the runs, shift their standard deviation.
 */
static void check_intervals(double drift, double shift)
{
	enum { RUNS = 15, BOOTS = 50, STRETCH = 10, ROUNDS = 20 };
	unsigned pairs = 0, exclude = 0, held = 0;

	for (int round = 0; round < ROUNDS; round++) {
		struct confidence c[RUNS];
		double middle[RUNS], values[BOOTS];

		for (size_t r = 0; r < RUNS; r++) {
			double run = gsl_ran_gaussian(rng, shift), stretch = 0;

			for (size_t b = 0; b < BOOTS; b++) {
				if (b % STRETCH == 0)
					stretch = gsl_ran_gaussian(rng, 0.001);
				values[b] = boot(299 * (1 + run + stretch), 0.0005);
			}
			middle[r] = sample_middle((struct sample){.values = values, .n = BOOTS});
			c[r] = repeatable_confidence((struct sample){
			    .values = values, .n = BOOTS, .resolution = 0.41, .drift = drift});
		}
		for (size_t a = 0; a < RUNS; a++)
			for (size_t b = 0; b < RUNS; b++) {
				if (a == b)
					continue;
				pairs++;
				exclude += c[a].low > c[b].high || c[b].low > c[a].high;
				held += c[a].low <= middle[b] && middle[b] <= c[a].high;
			}
	}
	if (exclude > 0.05 * pairs || held < 0.80 * pairs)
		fail_msg("%u of %u exclude each other, %u hold the other's estimate", exclude,
			 pairs, held);
}

static void intervals_hold_for_another_run(void **state)
{
	(void)state;
	check_intervals(0, 0.0005);
	check_intervals(0.06, 0.017);
	check_intervals(0.12, 0.03);
}

static void an_interval_is_no_finer_than_the_clock(void **state)
{
	const double values[] = {212, 212, 212, 212, 212, 212, 212, 212, 212, 212};
	struct confidence c =
	    repeatable_confidence((struct sample){.values = values, .n = 10, .resolution = 0.41});

	(void)state;
	assert_true(c.low == 212 - 0.41 && c.high == 212 + 0.41);
}

static int start(void **state)
{
	(void)state;
	rng = gsl_rng_alloc(gsl_rng_mt19937);
	return 0;
}

static int end(void **state)
{
	(void)state;
	gsl_rng_free(rng);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_level_is_not_split),
	    cmocka_unit_test(levels_are_found),
	    cmocka_unit_test(no_estimate_between_levels),
	    cmocka_unit_test(small_cases),
	    cmocka_unit_test(intervals_hold_for_another_run),
	    cmocka_unit_test(an_interval_is_no_finer_than_the_clock),
	};

	return cmocka_run_group_tests(tests, start, end);
}
