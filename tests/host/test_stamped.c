/*
 * The bill of time stamps: what stamps cost is taken off, what does not add up is unexplained, two
 * bills line by line.
 */
#include "bill/bill.h"
#include "scratch.h"

static void take_probe(GArray *pairs)
{
	/* A stamp costs 10 where one follows another, 7 at the beginning and 5 at the end. */
	stamped_take(pairs, "enter", "probe", 7);
	stamped_take(pairs, "probe", "probe", 10);
	stamped_take(pairs, "probe", "leave", 5);
}

/* enter 13, stack 20, leave 25. */
static void take_sysret(GArray *pairs, int64_t more)
{
	take_probe(pairs);
	stamped_take(pairs, "enter", "syscall.stack", 20 + more);
	stamped_take(pairs, "enter", "syscall.stack", 99); /* the smallest counts */
	stamped_take(pairs, "syscall.stack", "syscall.leave", 30);
	stamped_take(pairs, "syscall.leave", "leave", 30);
}

static struct stamped_boot boot(double total)
{
	return (struct stamped_boot){g_array_new(false, false, sizeof(struct stamped_pair)), total};
}

static const char *make(struct bill *bill, const struct stamped_boot *boots, size_t count)
{
	bill_init(bill);
	return bill_of_stamps(bill, boots, count);
}

static double ticks(const struct bill *bill, const char *phase)
{
	const struct bill_line *line = bill_find_line(bill->lines, phase, "");

	assert_non_null(line);
	return line->sums[BILL_COUNT];
}

static void test_sum(void **state)
{
	struct stamped_boot boots[3] = {boot(60), boot(59), boot(64)};
	struct bill bill;

	(void)state;
	for (int i = 0; i < 3; i++)
		take_sysret(boots[i].pairs, i); /* 13, 14, 15: the median */
	assert_null(make(&bill, boots, 3));
	assert_int_equal(bill.lines->len, 4);
	assert_float_equal(ticks(&bill, "enter"), 14, 0);
	assert_float_equal(ticks(&bill, "stack"), 20, 0);
	assert_float_equal(ticks(&bill, "leave"), 25, 0);
	assert_float_equal(ticks(&bill, "unexplained"), 1, 0);
	assert_float_equal(bill.sums[BILL_COUNT], 60, 0);
	assert_float_equal(bill.unexplained, 1, 0);
	assert_float_equal(bill.probe, 10, 0);
	bill_free(&bill);
	for (int i = 0; i < 3; i++)
		g_array_unref(boots[i].pairs);
}

static void assert_problem(const struct stamped_boot *boots, size_t count, const char *problem)
{
	struct bill bill;

	assert_string_equal(make(&bill, boots, count), problem);
	bill_free(&bill);
}

static void test_problems(void **state)
{
	struct stamped_boot boots[2] = {boot(1), boot(1)};

	(void)state;
	assert_problem(boots, 1, "the records lack the stamps' own cost");
	take_sysret(boots[0].pairs, 0);
	take_probe(boots[1].pairs);
	stamped_take(boots[1].pairs, "enter", "leave", 3);
	assert_problem(boots, 2, "the boots took different phases");
	assert_problem(boots + 1, 1, "no phase of its path takes a stamp");
	g_array_set_size(boots[1].pairs, 3);
	stamped_take(boots[1].pairs, "enter", "round", 3);
	stamped_take(boots[1].pairs, "round", "round", 3);
	assert_problem(boots + 1, 1, "the stamps do not lead from the entry to the exit");
	for (int i = 0; i < 2; i++)
		g_array_unref(boots[i].pairs);
}

static void assert_pair(const GArray *pairs, size_t at, const char *phase, double first,
			double second)
{
	assert_string_equal(PAIR(pairs, at)->phase, phase);
	assert_float_equal(PAIR(pairs, at)->counts[0], first, 0);
	assert_float_equal(PAIR(pairs, at)->counts[1], second, 0);
}

/* By another path back, with a phase more, and without `stack`. */
static void test_two(void **state)
{
	struct stamped_boot boots[2] = {boot(60), boot(90)};
	struct bill bills[2];
	const struct bill *const both[2] = {&bills[0], &bills[1]};
	GArray *pairs;

	(void)state;
	take_sysret(boots[0].pairs, 0);
	take_probe(boots[1].pairs);
	stamped_take(boots[1].pairs, "enter", "syscall.cr3", 22);
	stamped_take(boots[1].pairs, "syscall.cr3", "iret.leave", 60);
	stamped_take(boots[1].pairs, "iret.leave", "leave", 31);
	for (int i = 0; i < 2; i++)
		assert_null(make(&bills[i], &boots[i], 1));
	pairs = bill_pair_lines(both);
	assert_int_equal(pairs->len, 5);
	assert_pair(pairs, 0, "enter", 13, 15);
	assert_pair(pairs, 1, "cr3", 0, 50);
	assert_pair(pairs, 2, "stack", 20, 0);
	assert_pair(pairs, 3, "leave", 25, 26); /* of both paths */
	assert_pair(pairs, 4, "unexplained", 2, -1);
	g_array_unref(pairs);
	for (int i = 0; i < 2; i++) {
		bill_free(&bills[i]);
		g_array_unref(boots[i].pairs);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sum),
	    cmocka_unit_test(test_problems),
	    cmocka_unit_test(test_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
