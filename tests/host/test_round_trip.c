/*
 * Round trip of a boot: exact on made-up machines with a known cost, flags where batches disagree.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "stats/stats.h"

struct fixture {
	struct histogram *once, *twice;
	struct batch batch;
};

/*
 * Ten windows a size of a machine whose windows cost overhead + crossings * each; half have `noise`
 * on top.
 */
static struct fixture make(int64_t n, int64_t overhead, int64_t each, int64_t noise)
{
	struct fixture f = {.once = histogram_new(), .twice = histogram_new()};

	for (int i = 0; i < 10; i++) {
		assert_true(histogram_add(f.once, overhead + n * each + i % 2 * noise, 1));
		assert_true(histogram_add(f.twice, overhead + 2 * n * each + i % 2 * noise, 1));
	}
	f.batch = (struct batch){.n = n, .once = f.once, .twice = f.twice};
	return f;
}

static void drop(struct fixture *f)
{
	histogram_free(f->once);
	histogram_free(f->twice);
}

static void harness_and_loop_cancel(void **state)
{
	(void)state;
	struct fixture crossing = make(64, 9, 58, 1000), bare = make(64, 7, 3, 1000);
	struct round_trip result;

	assert_true(round_trip(&crossing.batch, &bare.batch, 1, &result));
	assert_true(result.estimate == 55.0);
	assert_true(result.p10 == 55.0);
	assert_false(result.unstable);
	assert_false(result.negative);
	drop(&crossing);
	drop(&bare);
}

static void disagreeing_percentiles_are_unstable(void **state)
{
	(void)state;
	struct fixture crossing = make(64, 9, 58, 0), bare = make(64, 7, 3, 0);
	struct round_trip result;

	/* One lucky window of 2n in twenty: the minimum falls, the 10th percentile does not. */
	assert_true(histogram_add(crossing.twice, 9 + 128 * 58, 9));
	assert_true(histogram_add(crossing.twice, 9 + 128 * 58 - 200, 1));
	assert_true(round_trip(&crossing.batch, &bare.batch, 1, &result));
	/* Windows beyond HISTOGRAM_EXACT: as exact as the histogram. */
	assert_true(fabs(result.p10 - 55.0) < 55.0 * 3 / HISTOGRAM_ERROR);
	assert_true(result.estimate < 55.0);
	assert_true(result.unstable);
	drop(&crossing);
	drop(&bare);
}

/*
 * Half of the windows are longer, as with a neighbour on the core's other thread; a tenth is not.
 */
static void what_runs_beside_it_shows_in_the_median(void **state)
{
	(void)state;
	struct fixture crossing = make(64, 9, 58, 0), bare = make(64, 7, 3, 0);
	struct round_trip result;

	assert_true(histogram_add(crossing.once, 9 + 64 * 58, 99));
	assert_true(histogram_add(crossing.twice, 9 + 128 * 58, 39));
	assert_true(histogram_add(crossing.twice, 9 + 128 * 58 + 900, 51));
	assert_true(round_trip(&crossing.batch, &bare.batch, 1, &result));
	assert_true(result.estimate == 55.0);
	assert_false(result.unstable);
	assert_true(result.disturbed);
	assert_true(histogram_add(crossing.twice, 9 + 128 * 58, 10));
	assert_true(round_trip(&crossing.batch, &bare.batch, 1, &result));
	assert_false(result.disturbed);
	drop(&crossing);
	drop(&bare);
}

/* A crossing of 5 cycles, a clock that steps by 26: readings cannot agree within 2 %. */
static void steps_of_the_clock_are_no_disturbance(void **state)
{
	(void)state;
	struct fixture crossing = make(64, 0, 8, 0), bare = make(64, 0, 3, 0);
	struct round_trip result;

	assert_true(histogram_add(crossing.twice, 128 * 8 + 26, 99));
	assert_true(histogram_add(bare.once, 64 * 3 + 26, 99));
	assert_true(round_trip(&crossing.batch, &bare.batch, 26, &result));
	assert_false(result.unstable);
	assert_false(result.disturbed);
	assert_true(round_trip(&crossing.batch, &bare.batch, 1, &result));
	assert_true(result.unstable);
	assert_true(result.disturbed);
	drop(&crossing);
	drop(&bare);
}

static void negative_differences_are_kept_and_flagged(void **state)
{
	(void)state;
	struct fixture crossing = make(64, 9, 2, 0), bare = make(64, 7, 3, 0);
	struct round_trip result;

	assert_true(round_trip(&crossing.batch, &bare.batch, 1, &result));
	assert_true(result.estimate == -1.0);
	assert_true(result.negative);
	drop(&crossing);
	drop(&bare);
}

static void nothing_measured_is_no_result(void **state)
{
	(void)state;
	struct fixture crossing = make(64, 9, 58, 0);
	struct histogram *empty = histogram_new();
	struct batch bare = {.n = 64, .once = empty, .twice = crossing.twice};
	struct round_trip result;

	assert_false(round_trip(&crossing.batch, &bare, 1, &result));
	assert_true(isnan(batch_cost(&bare, 0)));
	crossing.batch.n = 0;
	assert_true(isnan(batch_cost(&crossing.batch, 0)));
	histogram_free(empty);
	drop(&crossing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(harness_and_loop_cancel),
	    cmocka_unit_test(disagreeing_percentiles_are_unstable),
	    cmocka_unit_test(what_runs_beside_it_shows_in_the_median),
	    cmocka_unit_test(steps_of_the_clock_are_no_disturbance),
	    cmocka_unit_test(negative_differences_are_kept_and_flagged),
	    cmocka_unit_test(nothing_measured_is_no_result),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
