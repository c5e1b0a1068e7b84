/* Summaries of cells from their boots: class, reference and few boots decide what may be said. */
#include <math.h>

#include "model/model.h"
#include "scratch.h"

static struct cell *add(struct run *run, const char *variant, enum machine_class class,
			const double *costs, unsigned n)
{
	struct cell *cell = run_add_cell(run, "m", variant, "b");

	cell->class = class;
	for (unsigned i = 0; i < n; i++)
		cell_add_boot(cell, i)->round_trip = costs[i];
	return cell;
}

static void start(struct run *run)
{
	run_init(run);
	run_set(&run->reference, "ref");
}

static const struct summary *summary_of(const struct run *run, const char *variant)
{
	return &run_find_cell(run, "m", variant, "b")->summary;
}

static void deterministic_cells_differ_by_instructions(void **state)
{
	(void)state;
	static const double costs[] = {104, 104}, more[] = {105, 105};
	struct run run;

	start(&run);
	add(&run, "ref", CLASS_DETERMINISTIC, costs, 2);
	add(&run, "more", CLASS_DETERMINISTIC, more, 2);
	add(&run, "same", CLASS_DETERMINISTIC, costs, 1);
	summary_fill(&run);
	assert_string_equal(summary_of(&run, "ref")->verdict, "");
	assert_true(isnan(summary_of(&run, "ref")->vs_reference.estimate));
	assert_true(summary_of(&run, "ref")->round_trip.low == 104);
	assert_string_equal(summary_of(&run, "more")->verdict, "more");
	assert_true(summary_of(&run, "more")->vs_reference.high == 1);
	assert_true(isnan(summary_of(&run, "more")->p_value));
	assert_string_equal(summary_of(&run, "same")->verdict, "same");
	run_free(&run);
}

/* 100 or 110 by layout; beside that a boot differs from the next by 1. */
static void layouts_spread_beside_boots(void **state)
{
	(void)state;
	static const double costs[] = {100, 110, 101, 111, 100, 110, 101, 111};
	struct run run;
	struct cell *cell;

	start(&run);
	cell = add(&run, "ref", CLASS_SILICON, costs, 8);
	summary_fill(&run);
	assert_true(!cell->summary.layouts && isnan(cell->summary.layout_spread));
	for (unsigned i = 0; i < 8; i++)
		cell->boots[i].layout = i % 2;
	summary_fill(&run);
	assert_int_equal(cell->summary.layouts, 2);
	assert_true(cell->summary.layout_spread == 10 && cell->summary.boot_spread == 0);
	run_free(&run);
}

/* Boots that were disturbed count where there are no others, but nothing is concluded from them. */
static void no_verdict_from_what_is_not_calm(void **state)
{
	(void)state;
	static const double costs[] = {700, 701, 699, 702, 700, 698},
			    slow[] = {720, 722, 719, 721, 723, 720};
	struct run run;
	struct cell *cell;

	start(&run);
	add(&run, "ref", CLASS_SILICON, costs, 6);
	cell = add(&run, "slow", CLASS_SILICON, slow, 6);
	for (unsigned i = 0; i < 6; i++)
		flags_add(&cell->boots[i].flags, "disturbed", 1, "");
	summary_fill(&run);
	assert_false(cell->summary.calm);
	assert_string_equal(cell->summary.verdict, "inconclusive");
	run_free(&run);
}

static void silicon_needs_boots_and_a_threshold(void **state)
{
	(void)state;
	static const double costs[] = {700, 701, 699, 702, 700, 698},
			    slow[] = {720, 722, 719, 721, 723, 720},
			    near[] = {703, 704, 703, 705, 704, 703}, wild[] = {700, 760, 650, 720};
	struct run run;

	start(&run);
	add(&run, "ref", CLASS_SILICON, costs, 6);
	add(&run, "slow", CLASS_SILICON, slow, 6);
	add(&run, "near", CLASS_SILICON, near, 6);
	add(&run, "wild", CLASS_SILICON, wild, 4);
	add(&run, "once", CLASS_SILICON, slow, 1);
	summary_fill(&run);
	assert_string_equal(summary_of(&run, "slow")->verdict, "slower");
	assert_true(summary_of(&run, "slow")->p_value < 0.05);
	assert_true(summary_of(&run, "slow")->vs_reference.low > 17);
	assert_string_equal(summary_of(&run, "near")->verdict, "same");
	assert_non_null(strstr(summary_of(&run, "wild")->verdict, "inconclusive, needs about "));
	assert_string_equal(summary_of(&run, "once")->verdict, "inconclusive");
	assert_true(isnan(summary_of(&run, "once")->round_trip.low));
	run_free(&run);
}

static void classes_are_never_compared(void **state)
{
	(void)state;
	static const double costs[] = {104, 104, 104, 104};
	struct run run;

	start(&run);
	add(&run, "ref", CLASS_DETERMINISTIC, costs, 4);
	add(&run, "other", CLASS_SILICON, costs, 4);
	summary_fill(&run);
	assert_string_equal(summary_of(&run, "other")->verdict, "");
	assert_true(isnan(summary_of(&run, "other")->vs_reference.estimate));
	run_free(&run);
}

static void failed_boots_do_not_count(void **state)
{
	(void)state;
	static const double costs[] = {104, 999, 104};
	struct run run;
	struct cell *cell;

	start(&run);
	cell = add(&run, "ref", CLASS_DETERMINISTIC, costs, 3);
	cell->boots[1].status = STATUS_FAILED;
	summary_fill(&run);
	assert_true(cell->summary.round_trip.estimate == 104);
	assert_true(cell->summary.round_trip.high == 104);
	run_free(&run);
}

/* n quiet boots at 300, some disturbed at 400 and some unstable at 500, all of them ok. */
static double estimate_with(unsigned quiet, unsigned disturbed, unsigned unstable)
{
	struct run run;
	struct cell *cell;
	double estimate;

	start(&run);
	cell = add(&run, "ref", CLASS_SILICON, NULL, 0);
	for (unsigned i = 0; i < quiet + disturbed + unstable; i++) {
		struct boot *boot = cell_add_boot(cell, i);

		boot->round_trip = i < quiet ? 300 : i < quiet + disturbed ? 400 : 500;
		if (i >= quiet + disturbed)
			flags_add(&boot->flags, "unstable", 1, "");
		if (i >= quiet)
			flags_add(&boot->flags, "disturbed", 1, "");
	}
	summary_fill(&run);
	estimate = cell->summary.round_trip.estimate;
	run_free(&run);
	return estimate;
}

static void disturbed_boots_are_set_aside_where_others_are_there(void **state)
{
	(void)state;
	assert_true(estimate_with(SUMMARY_QUIET_LEAST, 20, 50) == 300);
	/* Others count as well where too few were quiet: then these are the lowest level. */
	assert_true(estimate_with(SUMMARY_QUIET_LEAST - 1, 20, 50) == 300);
	assert_true(estimate_with(0, 20, 50) == 400);
	assert_true(estimate_with(0, 0, 50) == 500);
	assert_true(estimate_with(0, 3, 0) == 400);
	assert_true(estimate_with(1, 1, 1) == 400);
}

/* So many ticks for 512 dependent adds, so many for as many independent ones. */
static void set_adds(struct boot *boot, double dependent, double independent)
{
	costs_add(&boot->loops, "dependent_adds", dependent);
	costs_add(&boot->loops, "independent_adds", independent);
}

/*
 * Boots on a core of its own at two clocks, others on a shared one, all of them steady in
 * themselves.
 */
static void boots_that_share_the_core_are_set_aside(void **state)
{
	(void)state;
	struct run run;
	struct cell *cell;

	start(&run);
	cell = add(&run, "ref", CLASS_SILICON, NULL, 0);
	for (unsigned i = 0; i < 20; i++) {
		struct boot *boot = cell_add_boot(cell, i);
		double clock = i % 2 ? 1.0 : 1.04, shared = i < 14 ? 1.08 + i * 0.01 : 1.0;

		boot->round_trip = 300 * clock * shared;
		boot->core_cycles = 426 * shared;
		set_adds(boot, 360 * clock, 90 * clock * shared);
	}
	summary_fill(&run);
	assert_int_equal(cell->summary.boots_used, 6);
	assert_true(cell->summary.calm);
	assert_true(fabs(cell->boots[0].shared - 0.08) < 1e-9 && cell->boots[19].shared == 0);
	/* The core's two clocks are two levels in ticks, and one in core cycles. */
	assert_int_equal(cell->summary.level_count, 2);
	assert_true(cell->summary.round_trip.estimate == 300);
	assert_true(cell->summary.core_cycles.estimate == 426);
	/* Runs of a real machine lie within 1 %. */
	assert_true(fabs(cell->summary.core_cycles.low - 426 * 0.995) < 1e-9);
	assert_true(fabs(cell->summary.core_cycles.high - 426 * 1.005) < 1e-9);
	pairs_add(&run.host.warnings, "virtual", "it is");
	summary_fill(&run);
	assert_true(fabs(cell->summary.core_cycles.high - 426 * 1.06) < 1e-9);
	/*
	 * Where there are too few of them the least shared one fills up, and the summary says so.
	 */
	cell->boots[14].status = cell->boots[15].status = STATUS_FAILED;
	summary_fill(&run);
	assert_int_equal(cell->summary.boots_used, 5);
	assert_true(cell->summary.levels[cell->summary.level_count - 1].high == 300 * 1.04 * 1.08);
	assert_false(cell->summary.calm);
	assert_true(isnan(cell->boots[14].shared));
	run_free(&run);
}

/*
 * Another machine's boots say nothing of this one; one boot that is off by the clock's steps
 * neither.
 */
static void the_calmest_boots_of_the_machine_are_the_measure(void **state)
{
	(void)state;
	struct run run;
	struct cell *other, *cell;

	start(&run);
	cell = run_add_cell(&run, "m", "v", "b");
	for (unsigned i = 0; i < 40; i++)
		set_adds(cell_add_boot(cell, i), 360, i ? 90 : 70);
	other = run_add_cell(&run, "n", "v", "b");
	set_adds(cell_add_boot(other, 0), 360, 60);
	cell_add_boot(other, 1);
	/* What half of the batches say counts, not what the best do. */
	run.cells[0].boots[2].independent_add = 0.3;
	summary_fill(&run);
	assert_true(fabs(run.cells[0].boots[2].shared - 0.2) < 1e-9);
	assert_true(run.cells[0].boots[1].shared == 0 && run.cells[0].boots[0].shared < -0.2);
	assert_true(run.cells[1].boots[0].shared == 0 && isnan(run.cells[1].boots[1].shared));
	run_free(&run);
}

/* Levels that shift from process to process by more than the difference: pairs do not care. */
static void pairs_find_what_levels_hide(void **state)
{
	(void)state;
	static const double levels[] = {950, 1120, 1121, 951, 1300, 1119, 949, 1122};
	struct run run;
	struct cell *sysret, *iret;

	start(&run);
	sysret = run_add_cell(&run, "m", "host", "b:sysret");
	iret = run_add_cell(&run, "m", "host", "b:iret");
	sysret = run_find_cell(&run, "m", "host", "b:sysret");
	for (unsigned i = 0; i < 8; i++) {
		struct boot *boot = cell_add_boot(iret, i);

		boot->round_trip = levels[i] + 95;
		boot->over_reference = 95 + (i % 3) - 1;
		cell_add_boot(sysret, i)->round_trip = levels[(i + 3) % 8];
	}
	run_set(&iret->reference_case, "b:sysret");
	run_set(&sysret->reference_case, "b:sysret");
	summary_fill(&run);
	assert_true(iret->summary.vs_reference.estimate == 95);
	assert_true(iret->summary.vs_reference.low >= 94);
	assert_true(iret->summary.vs_reference.high <= 96);
	assert_true(fabs(iret->summary.p_value - 2.0 / 256) < 1e-12);
	assert_string_equal(iret->summary.verdict, "slower");
	assert_string_equal(sysret->summary.verdict, "");
	/* Without pairs it cannot be told. */
	for (unsigned i = 0; i < 8; i++)
		iret->boots[i].over_reference = NAN;
	summary_fill(&run);
	assert_string_equal(iret->summary.verdict, "levels");
	run_free(&run);
}

/* Boots on two levels: the row is of the lower one, and nothing is concluded across them. */
static void no_conclusion_across_levels(void **state)
{
	(void)state;
	static const double costs[] = {299, 397, 299.4, 397.5, 396.9, 299.1, 397.2, 397.1},
			    one[] = {310, 310.2, 309.9, 310.1, 310.3, 310, 310.1, 310};
	struct run run;
	struct cell *cell;

	start(&run);
	add(&run, "ref", CLASS_SILICON, one, 8);
	cell = add(&run, "two", CLASS_SILICON, costs, 8);
	summary_fill(&run);
	assert_int_equal(cell->summary.level_count, 2);
	assert_int_equal(cell->summary.levels[0].boots, 3);
	assert_true(cell->summary.levels[1].estimate == 397.1);
	assert_true(cell->summary.round_trip.estimate == 299.1);
	assert_true(cell->summary.round_trip.high < 320);
	assert_true(isnan(cell->summary.vs_reference.estimate));
	assert_string_equal(cell->summary.verdict, "levels");
	assert_int_equal(summary_of(&run, "ref")->level_count, 1);
	/* The next filling starts anew. */
	summary_fill(&run);
	assert_int_equal(cell->summary.level_count, 2);
	run_free(&run);
}

/*
 * No interval is finer than the clock: a step of 104 ticks in batches of 64 is 1.625 to both sides.
 */
static void intervals_know_the_clock(void **state)
{
	(void)state;
	struct run run;
	struct cell *cell;

	start(&run);
	cell = add(&run, "ref", CLASS_SILICON, NULL, 0);
	for (unsigned i = 0; i < 20; i++) {
		struct boot *boot = cell_add_boot(cell, i);

		boot->round_trip = 212;
		boot->batch = 64;
		boot->clock.step = 104;
	}
	summary_fill(&run);
	assert_true(fabs(cell->summary.round_trip.high - 212 - 104. / 64) < 1e-9);
	run_free(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(deterministic_cells_differ_by_instructions),
	    cmocka_unit_test(layouts_spread_beside_boots),
	    cmocka_unit_test(no_verdict_from_what_is_not_calm),
	    cmocka_unit_test(silicon_needs_boots_and_a_threshold),
	    cmocka_unit_test(classes_are_never_compared),
	    cmocka_unit_test(failed_boots_do_not_count),
	    cmocka_unit_test(disturbed_boots_are_set_aside_where_others_are_there),
	    cmocka_unit_test(boots_that_share_the_core_are_set_aside),
	    cmocka_unit_test(the_calmest_boots_of_the_machine_are_the_measure),
	    cmocka_unit_test(pairs_find_what_levels_hide),
	    cmocka_unit_test(no_conclusion_across_levels),
	    cmocka_unit_test(intervals_know_the_clock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
