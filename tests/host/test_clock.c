/* Which ranges the ledger is told: round the bodies of the harness' loops, or of the core's copies in ring 0. */
#include "scratch.h"

#include "bill/clock.h"

static void assert_range(const struct clock *clock, size_t at, uint64_t start, uint64_t end,
			 bool opens)
{
	assert_int_equal(clock->at[at].start, start);
	assert_int_equal(clock->at[at].end, end);
	assert_true(clock->at[at].opens == opens);
}

static void make_kernel(struct symbols *kernel)
{
	symbols_add(kernel, 0xffffffff80100000, 0x60, "price_time");
	symbols_add(kernel, 0xffffffff80100030, 0, "price_done");
	symbols_sort(kernel);
}

static void test_loops(void **state)
{
	struct symbols program = {0}, kernel = {0};
	struct clock clock;

	(void)state;
	make_kernel(&kernel);
	symbols_add(&program, 0x401000, 0x80, "made_up.crossing");
	symbols_add(&program, 0x401040, 0x10, "made_up.crossing.body");
	symbols_add(&program, 0x401080, 0x80, "made_up.twin");
	symbols_add(&program, 0x4010c0, 0x10, "made_up.twin.body");
	symbols_add(&program, 0x401100, 0x80, "made_up.bare");
	symbols_add(&program, 0x401140, 0x08, "made_up.bare.body");
	symbols_add(&program, 0x401200, 0x80, "without_body.bare");
	symbols_sort(&program);
	clock_find(&clock, &program, &kernel);
	assert_int_equal(clock.count, 4);
	assert_range(&clock, 0, 0x401000, 0x401040, true);
	assert_range(&clock, 1, 0x401050, 0x401080, false);
	assert_range(&clock, 2, 0x401100, 0x401140, true);
	assert_range(&clock, 3, 0x401148, 0x401180, false);
	clock_free(&clock);
	symbols_free(&program);
	symbols_free(&kernel);
}

static void test_ring0(void **state)
{
	struct symbols program = {0}, kernel = {0};
	struct clock clock;

	(void)state;
	clock_find(&clock, &program, &kernel);
	assert_int_equal(clock.count, 0);
	clock_free(&clock);
	make_kernel(&kernel);
	clock_find(&clock, &program, &kernel);
	assert_int_equal(clock.count, 2);
	assert_range(&clock, 0, 0xffffffff80100000, 0xffffffff80100030, true);
	assert_range(&clock, 1, 0xffffffff80100030, 0xffffffff80100060, false);
	clock_free(&clock);
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
