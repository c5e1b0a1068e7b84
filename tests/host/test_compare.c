/* Comparisons: verdicts, corrections, refusals; false alarms and power on simulated runs. */
#include <math.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "compare/compare.h"
#include "scratch.h"

#define BOOTS 25
#define CELLS 12

static const struct compare_options plain = {.alpha = 0.05};

static struct cell *add(struct run *run, const char *variant, enum machine_class class, double cost)
{
	struct cell *cell = run_add_cell(run, "m", variant, "b");

	cell->class = class;
	for (unsigned i = 0; i < 4; i++)
		cell_add_boot(cell, i)->round_trip = cost;
	return cell;
}

static struct compared *find(const struct comparison *comparison, const char *variant)
{
	for (size_t i = 0; i < comparison->count; i++) {
		struct compared *compared = &comparison->at[i];

		if (!strcmp((compared->new ? compared->new : compared->old)->variant, variant))
			return compared;
	}
	fail_msg("no %s", variant);
	return NULL;
}

/* 40 boots round `cost` ticks at a clock so many times the TSC's. */
static void add_silicon(struct run *run, const char *variant, double core_cycles, double clock)
{
	struct cell *cell = run_add_cell(run, "m", variant, "b");

	cell->class = CLASS_SILICON;
	for (unsigned i = 0; i < 40; i++) {
		struct boot *boot = cell_add_boot(cell, i);

		boot->core_cycles = core_cycles * (1 + 0.0001 * (i * 7 % 40));
		boot->round_trip = boot->core_cycles / clock;
	}
}

/* Two runs drift, and the core's clock is another; within a run neither does. */
static void runs_are_compared_by_the_core_and_beyond_their_drift(void **state)
{
	(void)state;
	struct compare_options options = {.alpha = 0.05, .drift = 0.05};
	struct comparison comparison;
	struct error error;
	struct run old, new;

	run_init(&old);
	run_init(&new);
	add_silicon(&old, "clock", 1000, 1.5);
	add_silicon(&new, "clock", 1000, 1.2);
	add_silicon(&old, "drift", 1000, 1.5);
	add_silicon(&new, "drift", 1030, 1.5);
	add_silicon(&old, "change", 1000, 1.5);
	add_silicon(&new, "change", 1080, 1.5);
	summary_fill(&old);
	summary_fill(&new);
	assert_int_equal(compare_runs(&comparison, &old, &new, &options, &error), 0);
	assert_int_equal(find(&comparison, "clock")->verdict, VERDICT_SAME);
	assert_true(fabs(find(&comparison, "clock")->difference.delta) < 1e-9);
	assert_int_equal(find(&comparison, "drift")->verdict, VERDICT_SAME);
	assert_int_equal(find(&comparison, "change")->verdict, VERDICT_SLOWER);
	assert_string_equal(compared_unit(find(&comparison, "change")), "cycles of the core");
	comparison_free(&comparison);
	options.drift = 0.01;
	assert_int_equal(compare_runs(&comparison, &old, &new, &options, &error), 0);
	assert_int_equal(find(&comparison, "drift")->verdict, VERDICT_SLOWER);
	comparison_free(&comparison);
	run_free(&old);
	run_free(&new);
}

static void one_instruction_is_a_regression(void **state)
{
	(void)state;
	struct compare_options options = plain;
	struct comparison comparison;
	struct error error;
	struct run old, new;

	run_init(&old);
	run_init(&new);
	add(&old, "same", CLASS_DETERMINISTIC, 99);
	add(&old, "more", CLASS_DETERMINISTIC, 99);
	add(&old, "less", CLASS_DETERMINISTIC, 99);
	add(&old, "gone", CLASS_DETERMINISTIC, 99);
	add(&new, "same", CLASS_DETERMINISTIC, 99);
	add(&new, "more", CLASS_DETERMINISTIC, 100);
	add(&new, "less", CLASS_DETERMINISTIC, 98);
	add(&new, "fresh", CLASS_DETERMINISTIC, 98);
	summary_fill(&old);
	summary_fill(&new);
	assert_int_equal(compare_runs(&comparison, &old, &new, &options, &error), 0);
	assert_int_equal(find(&comparison, "same")->verdict, VERDICT_SAME);
	assert_int_equal(find(&comparison, "more")->verdict, VERDICT_SLOWER);
	assert_true(find(&comparison, "more")->regression &&
		    find(&comparison, "more")->difference.delta == 1);
	assert_int_equal(find(&comparison, "less")->verdict, VERDICT_FASTER);
	assert_int_equal(find(&comparison, "gone")->verdict, VERDICT_OLD_ONLY);
	assert_int_equal(find(&comparison, "fresh")->verdict, VERDICT_NEW_ONLY);
	assert_int_equal(comparison.regressions, 1);
	comparison_free(&comparison);
	assert_int_equal(compare_threshold_parse("1instruction", &options.threshold, &error), 0);
	assert_int_equal(compare_runs(&comparison, &old, &new, &options, &error), 0);
	assert_int_equal(comparison.regressions, 0);
	comparison_free(&comparison);
	run_free(&old);
	run_free(&new);
}

static void thresholds_have_units(void **state)
{
	(void)state;
	static const char *const bad[] = {"", "2", "%", "-1%", "2 furlongs", "nan%", "inf%", "2%%"};
	struct compare_threshold threshold;
	struct error error;

	assert_int_equal(compare_threshold_parse("2.5%", &threshold, &error), 0);
	assert_true(fabs(threshold.part - 0.025) < 1e-12);
	assert_int_equal(compare_threshold_parse("3cycles", &threshold, &error), 0);
	assert_true(threshold.ticks == 3 && threshold.class == CLASS_SILICON);
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		if (compare_threshold_parse(bad[i], &threshold, &error) == 0)
			fail_msg("\"%s\" was taken", bad[i]);
}

static void other_classes_and_cpus_are_refused(void **state)
{
	(void)state;
	struct compare_options options = plain;
	struct comparison comparison;
	struct error error;
	struct run old, new;

	run_init(&old);
	run_init(&new);
	add(&old, "v", CLASS_DETERMINISTIC, 99);
	add(&new, "v", CLASS_SILICON, 99);
	summary_fill(&old);
	summary_fill(&new);
	assert_int_equal(compare_runs(&comparison, &old, &new, &options, &error), -1);
	assert_non_null(strstr(error.text, "classes are never compared"));
	comparison_free(&comparison);
	options.force = true;
	assert_int_equal(compare_runs(&comparison, &old, &new, &options, &error), -1);
	comparison_free(&comparison);
	new.cells[0].class = CLASS_DETERMINISTIC;
	run_set(&run_add_machine(&old, "m")->cpu, "Zen 4");
	run_set(&run_add_machine(&new, "m")->cpu, "Zen 5");
	assert_int_equal(compare_runs(&comparison, &old, &new, &plain, &error), -1);
	assert_non_null(strstr(error.text, "Zen 4, then Zen 5"));
	comparison_free(&comparison);
	assert_int_equal(compare_runs(&comparison, &old, &new, &options, &error), 0);
	comparison_free(&comparison);
	run_free(&old);
	run_free(&new);
}

static void features_are_compared_within_a_run(void **state)
{
	(void)state;
	struct compare_options options = plain;
	struct comparison comparison;
	struct error error;
	struct run run;
	struct cell *cell;

	run_init(&run);
	cell = add(&run, "sysret-kpti", CLASS_DETERMINISTIC, 109);
	pairs_add(&cell->features, "exit", "sysret");
	pairs_add(&cell->features, "kpti", "on");
	cell = add(&run, "sysret", CLASS_DETERMINISTIC, 99);
	pairs_add(&cell->features, "exit", "sysret");
	summary_fill(&run);
	options.by = "kpti";
	assert_int_equal(compare_runs(&comparison, &run, &run, &options, &error), 0);
	assert_int_equal(comparison.count, 1);
	assert_true(comparison.at[0].difference.delta == 10);
	g_autofree char *name = compared_name(&comparison.at[0]);

	assert_string_equal(name, "sysret-kpti against sysret");
	comparison_free(&comparison);
	options.by = "erase";
	assert_int_equal(compare_runs(&comparison, &run, &run, &options, &error), -1);
	assert_non_null(strstr(error.text, "erase"));
	comparison_free(&comparison);
	run_free(&run);
}

/* The example of the paper's table: at .05 the first four of fifteen are called. */
static void benjamini_and_hochberg(void **state)
{
	(void)state;
	double p[] = {0.0459, 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298,
		      0.0344, NAN,    0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000};
	size_t called = 0;

	discovery_adjust(p, G_N_ELEMENTS(p));
	for (size_t i = 0; i < G_N_ELEMENTS(p); i++)
		called += p[i] <= 0.05;
	assert_int_equal(called, 4);
	assert_true(isnan(p[9]));
	assert_true(fabs(p[1] - 0.0015) < 1e-12 && fabs(p[4] - 0.035625) < 1e-12);
}

/*
 * Twelve cells; each boot with noise and a tail, and in one of three runs boots on a second level.
 */
static void simulate(struct run *run, gsl_rng *rng, double factor, double second_level)
{
	run_init(run);
	for (unsigned c = 0; c < CELLS; c++) {
		g_autofree char *bench = g_strdup_printf("b:%u", c);
		struct cell *cell = run_add_cell(run, "m", "v", bench);
		double shift = 1 + gsl_ran_gaussian(rng, 0.0005);

		for (unsigned i = 0; i < BOOTS; i++) {
			struct boot *boot = cell_add_boot(cell, i);
			double floor = gsl_rng_uniform(rng) < second_level ? 397 : 299;

			boot->round_trip =
			    floor * (c ? 1 : factor) * shift *
			    (1 + gsl_ran_gaussian(rng, 0.002) + gsl_ran_exponential(rng, 0.002));
			boot->batch = 64;
			boot->clock.step = 26;
		}
	}
	summary_fill(run);
}

/*
 * Tables of `rounds` in which anything is called a change; *found: those in which the first cell
 * is.
 */
static unsigned tables_with_changes(double factor, double second_level, unsigned rounds,
				    unsigned *found)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	unsigned tables = 0;

	*found = 0;
	for (unsigned round = 0; round < rounds; round++) {
		struct comparison comparison;
		struct error error;
		struct run old, new;
		bool any = false;

		simulate(&old, rng, 1, second_level);
		simulate(&new, rng, factor, second_level);
		assert_int_equal(compare_runs(&comparison, &old, &new, &plain, &error), 0);
		for (size_t i = 0; i < comparison.count; i++)
			any |= comparison.at[i].verdict == VERDICT_FASTER ||
			       comparison.at[i].verdict == VERDICT_SLOWER;
		tables += any;
		*found += comparison.at[0].verdict == VERDICT_SLOWER;
		comparison_free(&comparison);
		run_free(&old);
		run_free(&new);
	}
	gsl_rng_free(rng);
	return tables;
}

static void equal_runs_raise_few_false_alarms(void **state)
{
	(void)state;
	unsigned found;
	unsigned one = tables_with_changes(1, 0, 100, &found);
	unsigned rare = tables_with_changes(1, 0.05, 100, &found);
	unsigned two = tables_with_changes(1, 0.4, 100, &found);

	if (one > 5 || rare > 5 || two > 5)
		fail_msg("of 100 tables: %u with one level, %u with a rare second, %u with two",
			 one, rare, two);
}

static void two_per_cent_are_found(void **state)
{
	(void)state;
	unsigned found;

	tables_with_changes(1.02, 0, 100, &found);
	if (found < 95)
		fail_msg("a shift of 2 %% was found in %u of 100", found);
}

static char *printed(const char *format, const struct comparison *comparison)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_true(compared_print(comparison, format, out));
	fclose(out);
	return text;
}

static void hostile_names_are_escaped(void **state)
{
	(void)state;
	struct comparison comparison;
	struct error error;
	struct run old, new;
	const char *hostile = "v\033[31m<b>&\"100%\n::error::x";

	run_init(&old);
	run_init(&new);
	add(&old, hostile, CLASS_DETERMINISTIC, 99);
	add(&new, hostile, CLASS_DETERMINISTIC, 100);
	summary_fill(&old);
	summary_fill(&new);
	assert_int_equal(compare_runs(&comparison, &old, &new, &plain, &error), 0);
	strings_add(&comparison.why, "sysret: swapgs +1\n::error::y");
	g_autofree char *junit = printed("junit", &comparison);
	g_autofree char *github = printed("github", &comparison);

	assert_non_null(strstr(junit, "&lt;b&gt;&amp;&quot;100%"));
	assert_non_null(strstr(junit, "failures=\"1\""));
	assert_null(strchr(junit, '\033'));
	assert_null(strchr(github, '\033'));
	assert_non_null(strstr(github, "100%25"));
	assert_non_null(strstr(github, "::notice title=entrybench::sysret: swapgs +1"));
	/* One error, one notice: the name has not become a command of its own. */
	assert_ptr_equal(strstr(github, "\n::"), strstr(github, "\n::notice"));
	comparison_free(&comparison);
	run_free(&old);
	run_free(&new);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_instruction_is_a_regression),
	    cmocka_unit_test(runs_are_compared_by_the_core_and_beyond_their_drift),
	    cmocka_unit_test(thresholds_have_units),
	    cmocka_unit_test(other_classes_and_cpus_are_refused),
	    cmocka_unit_test(features_are_compared_within_a_run),
	    cmocka_unit_test(benjamini_and_hochberg),
	    cmocka_unit_test(equal_runs_raise_few_false_alarms),
	    cmocka_unit_test(two_per_cent_are_found),
	    cmocka_unit_test(hostile_names_are_escaped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
