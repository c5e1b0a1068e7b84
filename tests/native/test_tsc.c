/* The TSC's frequency from each of its sources, and what this host's own clock says. */
#include <math.h>

#include "host/host.h"
#include "scratch.h"

static void test_crystal(void **state)
{
	/* Registers of a Skylake server and of a Tiger Lake: EAX, EBX, ECX, EDX. */
	const uint32_t server[] = {2, 168, 25000000, 0}, laptop[] = {2, 142, 38400000, 0};
	const uint32_t no_ratio[] = {0, 168, 25000000, 0}, no_crystal[] = {2, 216, 0, 0};

	(void)state;
	assert_true(tsc_hz_of_leaf_15(server) == 2100e6);
	assert_true(tsc_hz_of_leaf_15(laptop) == 2726.4e6);
	assert_true(isnan(tsc_hz_of_leaf_15(no_ratio)));
	assert_true(isnan(tsc_hz_of_leaf_15(no_crystal)));
}

static void test_base_frequency(void **state)
{
	const uint32_t leaf_15[] = {2, 216, 0, 0}, no_ratio[] = {0, 0, 0, 0};
	/* Only the lower half of EAX is the frequency. */
	const uint32_t leaf_16[] = {0xffff0000 | 2600, 3500, 100, 0}, empty[] = {0, 0, 0, 0};

	(void)state;
	assert_true(tsc_hz_of_leaf_16(leaf_15, leaf_16) == 2600e6);
	assert_true(isnan(tsc_hz_of_leaf_16(no_ratio, leaf_16)));
	assert_true(isnan(tsc_hz_of_leaf_16(leaf_15, empty)));
}

static void test_hypervisor(void **state)
{
	const uint32_t leaf[] = {2596148, 1000000, 0, 0}, empty[] = {0, 0, 0, 0};

	(void)state;
	assert_true(tsc_hz_of_leaf_40000010(leaf) == 2596148e3);
	assert_true(isnan(tsc_hz_of_leaf_40000010(empty)));
}

static void test_conversion(void **state)
{
	(void)state;
	/* A tick of half a nanosecond. */
	assert_true(tsc_hz_of_conversion(1u << 30, 31) == 2e9);
	assert_true(isnan(tsc_hz_of_conversion(0, 31)));
}

static void test_bogomips(void **state)
{
	(void)state;
	assert_true(tsc_hz_of_bogomips("processor\t: 0\nbogomips\t: 5192.29\n\nprocessor\t: 1\n"
				       "bogomips\t: 1.00\n") == 5192.29 / 2 * 1e6);
	assert_true(isnan(tsc_hz_of_bogomips("processor\t: 0\n")));
	assert_true(isnan(tsc_hz_of_bogomips("x\nbogomips\t: none\n")));
}

static void test_disagreement(void **state)
{
	struct tsc_frequency frequency = {.measured = 2e9};

	(void)state;
	for (int i = 0; i < TSC_SOURCES; i++)
		frequency.told[i] = NAN;
	assert_int_equal(tsc_disagreement(&frequency, 1e-4), TSC_SOURCES);
	frequency.told[TSC_FROM_KERNEL] = 2e9 * (1 + 0.9e-4);
	assert_int_equal(tsc_disagreement(&frequency, 1e-4), TSC_SOURCES);
	frequency.told[TSC_FROM_KERNEL] = 2e9 * (1 - 1.1e-4);
	assert_int_equal(tsc_disagreement(&frequency, 1e-4), TSC_FROM_KERNEL);
	frequency.told[TSC_FROM_CRYSTAL] = 2.1e9;
	assert_int_equal(tsc_disagreement(&frequency, 1e-4), TSC_FROM_CRYSTAL);
}

/* Twice the same, whoever says it; and what it says is what the clock says. */
static void test_this_host(void **state)
{
	struct tsc_frequency first, second;

	(void)state;
	tsc_frequency_read(&first, 0.05);
	tsc_frequency_read(&second, 0.05);
	assert_true(first.hz > 1e8 && first.hz < 1e11);
	assert_true(fabs(first.measured - second.measured) < 1e-3 * first.measured);
	assert_true(fabs(first.hz - first.measured) < 1e-3 * first.hz);
	for (enum tsc_source i = 0; i < TSC_SOURCES; i++)
		assert_true(isnan(first.told[i]) ? isnan(tsc_tellers[i].told())
						 : first.told[i] == tsc_tellers[i].told());
}

static void test_behaviour(void **state)
{
	struct tsc_behaviour behaviour;

	(void)state;
	tsc_watch(&behaviour);
	assert_true(behaviour.step >= 1 && behaviour.step < 10000);
	assert_int_equal(behaviour.backwards, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_crystal),    cmocka_unit_test(test_base_frequency),
	    cmocka_unit_test(test_hypervisor), cmocka_unit_test(test_conversion),
	    cmocka_unit_test(test_bogomips),   cmocka_unit_test(test_disagreement),
	    cmocka_unit_test(test_this_host),  cmocka_unit_test(test_behaviour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
