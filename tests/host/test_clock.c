/*
 * Which ranges the ledger is told: round the bodies of the harness' loops, or of the core's copies
 * in ring 0.
 */
#include "bill/ledger.h"
#include "scratch.h"

static void assert_arguments(const struct symbols *program, const struct symbols *kernel,
			     const char *expected)
{
	g_autofree char *arguments = clock_arguments(program, kernel);

	assert_string_equal(arguments, expected);
}

static void make_kernel(struct symbols *kernel)
{
	symbols_add(kernel, 0xffffffff80100000, 0x60, "cost_time", false);
	symbols_add(kernel, 0xffffffff80100030, 0, "cost_done", true);
	symbols_sort(kernel);
}

static void test_loops(void **state)
{
	struct symbols program = {0}, kernel = {0};

	(void)state;
	make_kernel(&kernel);
	symbols_add(&program, 0x401000, 0x80, "made_up.crossing", false);
	symbols_add(&program, 0x401040, 0x10, "made_up.crossing.body", true);
	symbols_add(&program, 0x401080, 0x80, "made_up.twin", false);
	symbols_add(&program, 0x4010c0, 0x10, "made_up.twin.body", true);
	symbols_add(&program, 0x401100, 0x80, "made_up.bare", false);
	symbols_add(&program, 0x401140, 0x08, "made_up.bare.body", true);
	symbols_add(&program, 0x401200, 0x80, "without_body.bare", false);
	symbols_sort(&program);
	assert_arguments(&program, &kernel,
			 ",open=401000-401040,close=401050-401080"
			 ",open=401100-401140,close=401148-401180");
	symbols_free(&program);
	symbols_free(&kernel);
}

static void test_ring0(void **state)
{
	struct symbols program = {0}, kernel = {0};

	(void)state;
	assert_arguments(&program, &kernel, "");
	make_kernel(&kernel);
	assert_arguments(&program, &kernel,
			 ",open=ffffffff80100000-ffffffff80100030"
			 ",close=ffffffff80100030-ffffffff80100060");
	symbols_free(&kernel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_loops),
	    cmocka_unit_test(test_ring0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
