/* Which CPU is chosen to measure on. */
#include <math.h>
#include <sched.h>

#include "host/host.h"
#include "scratch.h"

static void test_lists(void **state)
{
	(void)state;
	assert_true(cpu_listed("3", 3));
	assert_true(cpu_listed("0-2,5,8-9\n", 1));
	assert_true(cpu_listed("0-2,5,8-9\n", 5));
	assert_true(cpu_listed("0-2,5,8-9\n", 9));
	assert_false(cpu_listed("0-2,5,8-9\n", 3));
	assert_false(cpu_listed("0-2,5,8-9\n", 10));
	assert_false(cpu_listed("", 0));
	assert_false(cpu_listed("\n", 0));
}

static void test_times(void **state)
{
	static const char text[] = "cpu  1 1 1 1 1 1 1 1 0 0\n"
				   "cpu0 100 10 50 800 20 5 5 10 90 9\n"
				   "cpu10 1 0 0 0 0 0 0 0 0 0\n"
				   "intr 5\n";
	struct cpu_time time;

	(void)state;
	assert_true(cpu_time_of(text, 0, &time));
	assert_true(time.busy == 170 && time.stolen == 10 && time.all == 1000);
	assert_true(cpu_time_of(text, 10, &time));
	assert_false(cpu_time_of(text, 1, &time));
}

static int first_of(struct cpu *cpus, size_t count)
{
	cpus_rank(cpus, count);
	return cpus[0].number;
}

static void test_ranks(void **state)
{
	struct cpu idle[] = {{.number = 0}, {.number = 1}, {.number = 2}};
	struct cpu isolated[] = {
	    {.number = 0}, {.number = 1, .isolated = true, .busy = 0.5}, {.number = 2}};
	struct cpu busy[] = {
	    {.number = 0, .busy = 0.4}, {.number = 1, .busy = 0.2}, {.number = 2, .busy = 0.9}};
	struct cpu siblings[] = {{.number = 0, .sibling = 0.1},
				 {.number = 1, .sibling = 0.9},
				 {.number = 2, .sibling = 0.9}};
	struct cpu stolen[] = {{.number = 0, .stolen = 0.1}, {.number = 1, .stolen = 0.3}};
	struct cpu unknown[] = {{.number = 0, .busy = NAN, .stolen = NAN, .sibling = NAN},
				{.number = 1, .busy = NAN, .stolen = NAN, .sibling = NAN}};

	(void)state;
	/* CPU 0 has the interrupts. */
	assert_int_equal(first_of(idle, 3), 2);
	assert_int_equal(first_of(isolated, 3), 1);
	assert_int_equal(first_of(busy, 3), 1);
	assert_int_equal(first_of(siblings, 3), 0);
	assert_int_equal(first_of(stolen, 2), 0);
	assert_int_equal(first_of(unknown, 2), 1);
}

static void test_this_host(void **state)
{
	size_t count;
	struct cpu *cpus = cpus_read(0.1, &count);
	cpu_set_t before, after;

	(void)state;
	assert_true(count >= 1);
	for (size_t i = 0; i < count; i++)
		assert_true(cpus[i].busy >= 0 && cpus[i].busy <= 1);
	assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
	cpus_avoid(&cpus[0].number, 1);
	assert_int_equal(sched_getaffinity(0, sizeof(after), &after), 0);
	if (CPU_COUNT(&before) > 1)
		assert_false(CPU_ISSET(cpus[0].number, &after));
	else
		assert_true(CPU_EQUAL(&before, &after));
	sched_setaffinity(0, sizeof(before), &before);
	free(cpus);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lists),
	    cmocka_unit_test(test_times),
	    cmocka_unit_test(test_ranks),
	    cmocka_unit_test(test_this_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
