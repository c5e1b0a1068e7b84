/* Which cell another one is compared with. */
#include "model/model.h"
#include "scratch.h"

static void test_reference(void **state)
{
	struct run run;
	struct cell *a, *b;

	(void)state;
	run_init(&run);
	run_set(&run.reference, "iret");
	run_add_cell(&run, "tcg", "iret", "x");
	run_add_cell(&run, "tcg", "sysret", "x");
	run_add_cell(&run, "tcg", "sysret", "x:1");
	run_add_cell(&run, "bochs", "sysret", "x");
	a = run_find_cell(&run, "tcg", "sysret", "x");
	b = run_find_cell(&run, "tcg", "sysret", "x:1");
	assert_ptr_equal(run_reference_of(&run, a), &run.cells[0]);
	assert_null(run_reference_of(&run, b));
	run_set(&b->reference_case, "x");
	assert_ptr_equal(run_reference_of(&run, b), a);
	assert_null(run_reference_of(&run, &run.cells[3]));
	run_free(&run);
}

static struct cell *add_variant(struct run *run, const char *name, const char *features)
{
	struct cell *cell = run_add_cell(run, "tcg", name, "x");
	g_auto(GStrv) pairs = g_strsplit(features, " ", -1);

	for (char **pair = pairs; *pair; pair++) {
		g_auto(GStrv) parts = g_strsplit(*pair, "=", 2);

		pairs_add(&cell->features, parts[0], parts[1]);
	}
	return cell;
}

/*
 * Each with itself less one feature; the exit's choice with iret; a bundle of features with
 * nothing.
 */
static void test_reference_by_feature(void **state)
{
	static const char *const variants[][3] = {
	    {"iret", "exit=iret kpti=off erase=off", ""},
	    {"iret-kpti", "exit=iret kpti=on erase=off", "iret"},
	    {"sysret", "exit=sysret kpti=off erase=off", "iret"},
	    {"sysret-kpti", "exit=sysret kpti=on erase=off", "sysret"},
	    {"sysret-kpti-pcid", "exit=sysret kpti=pcid erase=off", "sysret"},
	    {"sysret-kpti-erase", "exit=sysret kpti=on erase=on", "sysret-kpti"},
	    {"sysret-bhb", "exit=sysret kpti=off erase=off bhb=on", "sysret"},
	    {"floor", "exit=floor kpti=off erase=off", "iret"},
	    {"linux-5.8", "exit=sysret kpti=on erase=on retpoline=on bhb=on", ""},
	};
	struct run run;

	(void)state;
	run_init(&run);
	for (size_t i = 0; i < G_N_ELEMENTS(variants); i++)
		add_variant(&run, variants[i][0], variants[i][1]);
	run_add_cell(&run, "linux", "default", "x");
	run_add_cell(&run, "linux", "pti=on", "x");
	for (size_t i = 0; i < G_N_ELEMENTS(variants); i++) {
		const struct cell *reference = run_reference_of(&run, &run.cells[i]);

		assert_string_equal(reference ? reference->variant : "", variants[i][2]);
	}
	assert_string_equal(feature_added(&run.cells[3].features, &run.cells[5].features), "erase");
	assert_null(feature_added(&run.cells[5].features, &run.cells[3].features));
	assert_null(feature_added(&run.cells[3].features, &run.cells[3].features));
	assert_string_equal(
	    run_reference_of(&run, run_find_cell(&run, "linux", "pti=on", "x"))->variant,
	    "default");
	/* A cell that comes later counts, and --reference overrides. */
	add_variant(&run, "bundle-less", "exit=sysret kpti=on erase=on retpoline=on bhb=off");
	assert_string_equal(run_reference_of(&run, &run.cells[8])->variant, "bundle-less");
	run_set(&run.reference, "sysret");
	assert_string_equal(run_reference_of(&run, &run.cells[5])->variant, "sysret");
	run_free(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reference),
	    cmocka_unit_test(test_reference_by_feature),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
