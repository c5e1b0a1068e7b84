/* From records to the figures of a boot. */
#include <math.h>

#include "guest/guest.h"
#include "scratch.h"

/* Takes "TYPE KEY=VALUE..." as a record; what is wrong with it, or NULL. */
static const char *take(struct guest_program *program, const char *fields)
{
	char line[2000];
	struct record record;

	sprintf(line, EB_RECORD_MAGIC "0 0 %s", fields);
	assert_null(record_parse(line, strlen(line), &record));
	return program_take(program, &record);
}

static struct guest_program *new_program(void)
{
	struct guest_program *program = g_new(struct guest_program, 1);

	program_init(program, "bench", "9");
	return program;
}

static void release(struct guest_program *program)
{
	program_clear(program);
	g_free(program);
}

/* A program that has said all this. */
static struct guest_program *finish(const char *const *records, enum machine_class class)
{
	struct guest_program *program = new_program();

	for (; *records; records++)
		assert_null(take(program, *records));
	program_finish(program, class, false);
	return program;
}

/* T(n) = 10 + 105 n and 10 + 5 n, with a tail; readings in several records. */
static const char *const good[] = {
    "begin bench=bench param=9 harness=1",
    "clock step=26 min=52 backwards=2",
    "batch of=crossing n=64 hist=6730:19",
    "batch of=crossing n=64 hist=9999:1",
    "batch of=crossing n=128 hist=13450:20",
    "batch of=bare n=64 hist=330:20",
    "batch of=bare n=128 hist=650:20",
    "batch of=twin n=64 hist=394:20",
    "batch of=twin n=128 hist=778:20",
    "batch of=reference n=64 hist=5130:20",
    "batch of=reference n=128 hist=10250:20",
    "batch of=dependent_adds n=64 hist=23000:20",
    "batch of=dependent_adds n=128 hist=46040:20",
    "window of=crossing hist=150:90,160:9,5000:1",
    "window of=empty_window raw=52,52,78",
    "flag name=clock_backwards count=2 text=went%20back",
    "count name=pages value=7",
    "type_of_tomorrow key=value",
    "end records=9 status=ok reason=",
    NULL,
};

static void test_figures(void **state)
{
	struct guest_program *program = finish(good, CLASS_SILICON);
	const struct boot *boot = &program->boot;

	(void)state;
	assert_int_equal(boot->status, STATUS_OK);
	assert_true(boot->round_trip == 100 && boot->round_trip_p10 == 100);
	assert_true(boot->controls.bare == 5 && boot->controls.twin == 6);
	assert_true(boot->controls.empty_window == 52 && isnan(boot->controls.empty_loop));
	assert_true(costs_get(&boot->loops, "reference") == 80 && boot->loops.count == 2);
	/* 512 adds in (46040 - 23000) / 64 ticks */
	assert_true(fabs(boot->core_cycles - 100 * 512 / 360.0) < 1e-9);
	assert_true(boot->over_reference == 25);
	assert_int_equal(boot->window.n, 100);
	assert_int_equal(boot->window.min, 150);
	assert_int_equal(boot->window.p50, 150);
	assert_int_equal(boot->window.p99, 160);
	assert_int_equal(boot->window.max, 5000);
	assert_true(boot->clock.step == 26 && boot->clock.min == 52 && boot->clock.backwards == 2);
	assert_string_equal(flags_get(&boot->flags, "clock_backwards")->text, "went back");
	assert_null(flags_get(&boot->flags, "unstable"));
	assert_string_equal(pairs_get(&boot->counts, "pages"), "7");
	release(program);
}

static void test_unequal_readings(void **state)
{
	struct guest_program *program = finish(good, CLASS_DETERMINISTIC);
	const struct boot *boot = &program->boot;

	(void)state;
	assert_int_equal(boot->status, STATUS_FAILED);
	assert_string_equal(boot->reason,
			    "readings of one boot differ: 6730 and 9999 (batch of crossing)");
	release(program);
}

/* Where the kernel's timer runs, the shortest reading must have been seen twice. */
static void test_interrupted_readings(void **state)
{
	static const char *const twice[] = {
	    "batch of=crossing n=4 hist=140:2,145:7", "batch of=crossing n=8 hist=260:9",
	    "batch of=bare n=4 hist=20:9", "batch of=bare n=8 hist=40:8,30000:1", NULL};
	static const char *const once[] = {
	    "batch of=crossing n=4 hist=140:1,145:8", "batch of=crossing n=8 hist=260:9",
	    "batch of=bare n=4 hist=20:9", "batch of=bare n=8 hist=40:9", NULL};
	struct guest_program *program = new_program();

	(void)state;
	for (const char *const *record = twice; *record; record++)
		assert_null(take(program, *record));
	program_finish(program, CLASS_DETERMINISTIC, true);
	assert_int_equal(program->boot.status, STATUS_OK);
	assert_true(program->boot.round_trip == 25);
	assert_int_equal(flags_get(&program->boot.flags, "interrupted")->count, 8);
	release(program);
	program = new_program();
	for (const char *const *record = once; *record; record++)
		assert_null(take(program, *record));
	program_finish(program, CLASS_DETERMINISTIC, true);
	assert_string_equal(program->boot.reason,
			    "readings of one boot differ: 140 and 145 (batch of crossing)");
	release(program);
}

static void test_flags_of_batches(void **state)
{
	static const char *const unstable[] = {
	    "batch of=crossing n=4 hist=100:1,200:19",
	    "batch of=crossing n=8 hist=200:1,500:19",
	    "batch of=bare n=4 hist=20:20",
	    "batch of=bare n=8 hist=40:20",
	    "end records=9 status=ok reason=",
	    NULL,
	};
	static const char *const negative[] = {
	    "batch of=crossing n=4 hist=100:9", "batch of=crossing n=8 hist=90:9",
	    "batch of=bare n=4 hist=20:9",	"batch of=bare n=8 hist=40:9",
	    "end records=9 status=ok reason=",	NULL,
	};
	struct guest_program *program = finish(unstable, CLASS_SILICON);
	const struct boot *boot = &program->boot;

	(void)state;
	assert_non_null(flags_get(&boot->flags, "unstable"));
	assert_null(flags_get(&boot->flags, "negative_difference"));
	release(program);
	program = finish(negative, CLASS_SILICON);
	boot = &program->boot;
	assert_non_null(flags_get(&boot->flags, "negative_difference"));
	assert_true(boot->round_trip < 0);
	release(program);
}

/*
 * Two of three stretches lie on a higher level; the windows of each agree, so nothing disturbed
 * them.
 */
static void test_stretches(void **state)
{
	static const char *const levels[] = {
	    "batch of=crossing n=4 hist=1404:10",
	    "batch of=crossing n=8 hist=2804:10",
	    "batch of=bare n=4 hist=24:10",
	    "batch of=bare n=8 hist=44:10",
	    "stretch layout=2",
	    "flag name=odd count=1 text=x",
	    "batch of=crossing n=4 hist=1004:10",
	    "batch of=crossing n=8 hist=2004:10",
	    "batch of=bare n=4 hist=24:10",
	    "batch of=bare n=8 hist=44:10",
	    "stretch layout=1",
	    "flag name=odd count=2 text=x",
	    "batch of=crossing n=4 hist=1404:10",
	    "batch of=crossing n=8 hist=2804:10",
	    "batch of=bare n=4 hist=24:10",
	    "batch of=bare n=8 hist=44:10",
	    "stretch layout=0",
	    "clock step=1 min=2 backwards=0",
	    "end records=9 status=ok reason=",
	    NULL,
	};
	struct guest_program *program = finish(levels, CLASS_SILICON);
	const struct boot *boot = &program->boot;

	(void)state;
	assert_true(boot->round_trip == 245);
	assert_int_equal(boot->stretches, 3);
	assert_true(boot->higher == 2. / 3);
	assert_null(flags_get(&boot->flags, "disturbed"));
	assert_int_equal(flags_get(&boot->flags, "odd")->count, 3);
	assert_int_equal(boot->flags.count, 1);
	release(program);
}

static void test_ends(void **state)
{
	static const char *const empty[] = {"end records=2 status=ok reason=", NULL};
	static const char *const unsupported[] = {
	    "end records=2 status=unsupported reason=no%20PMU", NULL};
	static const char *const failed[] = {"end records=2 status=failed reason=x", NULL};
	struct guest_program *program = finish(empty, CLASS_SILICON);
	const struct boot *boot = &program->boot;

	(void)state;
	assert_int_equal(boot->status, STATUS_FAILED);
	assert_non_null(strstr(boot->reason, "no batches of n and 2n"));
	release(program);
	program = finish(unsupported, CLASS_SILICON);
	boot = &program->boot;
	assert_int_equal(boot->status, STATUS_SKIPPED);
	assert_string_equal(boot->reason, "no PMU");
	release(program);
	program = finish(failed, CLASS_SILICON);
	boot = &program->boot;
	assert_int_equal(boot->status, STATUS_FAILED);
	release(program);
}

static void test_bad_records(void **state)
{
	static const char *const bad[] = {
	    "begin bench=other param=9",
	    "begin bench=bench param=8",
	    "clock step=1 min=2",
	    "clock step=x min=2 backwards=0",
	    "batch of=crossing hist=1:1",
	    "batch of=crossing n=0 hist=1:1",
	    "batch n=4 hist=1:1",
	    "batch of=crossing n=4",
	    "window of=crossing hist=1",
	    "window of=crossing raw=1:1",
	    "window of=a_name_that_is_longer_than_any_subject_is hist=1:1",
	    "flag count=1",
	    "flag name=x count=-1",
	    "count name=x",
	    "end records=1 reason=",
	    "end records=1 status=fine reason=",
	};
	struct guest_program *program = new_program();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (!take(program, bad[i]))
			fail_msg("\"%s\" was taken", bad[i]);
	/* A guest cannot make the table grow without end. */
	for (int i = 0; i < 1000; i++) {
		const char *wrong;
		char text[60];

		sprintf(text, "window of=kind%d hist=1:1", i);
		wrong = take(program, text);
		assert_true(i >= 50 || !wrong);
		assert_true(i < 64 || wrong);
	}
	release(program);
}

static void test_feature_lists(void **state)
{
	(void)state;
	assert_true(feature_listed("pcid,smep", "pcid"));
	assert_true(feature_listed("smep,pcid", "pcid"));
	assert_false(feature_listed("invpcid,smep", "pcid"));
	assert_false(feature_listed("pcide", "pcid"));
	assert_false(feature_listed("", "pcid"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_figures),
	    cmocka_unit_test(test_unequal_readings),
	    cmocka_unit_test(test_interrupted_readings),
	    cmocka_unit_test(test_flags_of_batches),
	    cmocka_unit_test(test_stretches),
	    cmocka_unit_test(test_ends),
	    cmocka_unit_test(test_bad_records),
	    cmocka_unit_test(test_feature_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
