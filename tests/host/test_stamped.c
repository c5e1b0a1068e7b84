/* The bill of time stamps: what stamps cost is taken off, what does not add up is unexplained, two bills line by line. */
#include "scratch.h"

#include "bill/stamped.h"

/* A stamp costs 10 where one follows another, 7 at the beginning and 5 at the end. */
static void take(struct stamped_pairs *pairs, const char *from, const char *to, int64_t ticks)
{
	assert_true(stamped_take(pairs, from, to, ticks));
}

static void take_probe(struct stamped_pairs *pairs)
{
	take(pairs, "enter", "probe", 7);
	take(pairs, "probe", "probe", 10);
	take(pairs, "probe", "leave", 5);
}

static struct stamped_bill bill_of(const struct stamped_pairs *pairs, const double *totals,
				   size_t boots)
{
	struct stamped_bill bill;
	const char *problem = stamped_make(&bill, pairs, totals, boots);

	if (problem)
		fail_msg("%s", problem);
	return bill;
}

/* enter 13, stack 20, leave 25. */
static void take_sysret(struct stamped_pairs *pairs, int64_t more)
{
	take_probe(pairs);
	take(pairs, "enter", "syscall.stack", 20 + more);
	take(pairs, "enter", "syscall.stack", 99); /* the smallest counts */
	take(pairs, "syscall.stack", "syscall.leave", 30);
	take(pairs, "syscall.leave", "leave", 30);
}

static void test_sum(void **state)
{
	struct stamped_pairs pairs[3] = {0};
	const double totals[3] = {60, 59, 64};
	struct stamped_bill bill;

	(void)state;
	for (int i = 0; i < 3; i++)
		take_sysret(&pairs[i], i); /* 13, 14, 15: the median */
	bill = bill_of(pairs, totals, 3);
	assert_int_equal(bill.line_count, 3);
	assert_float_equal(bill.lines[0].ticks, 14, 0);
	assert_float_equal(bill.lines[1].ticks, 20, 0);
	assert_float_equal(bill.lines[2].ticks, 25, 0);
	assert_float_equal(bill.sum, 59, 0);
	assert_float_equal(bill.total, 60, 0);
	assert_float_equal(bill.unexplained, 1, 0);
	assert_float_equal(bill.probe, 10, 0);
}

static void test_problems(void **state)
{
	struct stamped_pairs pairs[2] = {0};
	const double totals[2] = {1, 1};
	struct stamped_bill bill;

	(void)state;
	assert_string_equal(stamped_make(&bill, pairs, totals, 1),
			    "the records lack the stamps' own cost");
	take_sysret(&pairs[0], 0);
	take_probe(&pairs[1]);
	take(&pairs[1], "enter", "leave", 3);
	assert_string_equal(stamped_make(&bill, pairs, totals, 2),
			    "the boots took different phases");
	assert_string_equal(stamped_make(&bill, &pairs[1], totals, 1),
			    "no phase of its path takes a stamp");
}

/* By another path back, with a phase more, and without `stack`. */
static void test_two(void **state)
{
	struct stamped_pairs pairs[2] = {0};
	const double totals[2] = {60, 90};
	struct stamped_bill bills[2];
	struct stamped_row rows[STAMPED_ROWS];
	size_t count;

	(void)state;
	take_sysret(&pairs[0], 0);
	take_probe(&pairs[1]);
	take(&pairs[1], "enter", "syscall.cr3", 22);
	take(&pairs[1], "syscall.cr3", "iret.leave", 60);
	take(&pairs[1], "iret.leave", "leave", 31);
	for (int i = 0; i < 2; i++)
		bills[i] = bill_of(&pairs[i], &totals[i], 1);
	count = stamped_pair_lines(&bills[0], &bills[1], rows);
	assert_int_equal(count, 5);
	assert_string_equal(rows[0].phase, "enter");
	assert_float_equal(rows[0].ticks[1] - rows[0].ticks[0], 2, 0);
	assert_string_equal(rows[1].phase, "stack");
	assert_float_equal(rows[1].ticks[1], 0, 0);
	assert_string_equal(rows[2].phase, "cr3");
	assert_string_equal(rows[3].phase, "leave"); /* of both paths */
	assert_float_equal(rows[3].ticks[0], 25, 0);
	assert_float_equal(rows[3].ticks[1], 26, 0);
	assert_string_equal(rows[4].phase, "unexplained");
	assert_float_equal(rows[4].ticks[0], 2, 0);
	assert_float_equal(rows[4].ticks[1], -1, 0);
	assert_int_equal(stamped_pair_lines(&bills[0], NULL, rows), 4);
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
