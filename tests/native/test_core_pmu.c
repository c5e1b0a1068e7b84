/* Which counters the core finds by CPUID, and what it reads from its kernel line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cpu/pmu.h"

/*
 * EAX, EBX, ECX, EDX as a Skylake (version 4, 4 counters a thread) and an Alder Lake (version 5, 8)
 * have them.
 */
static void test_intel(void **state)
{
	const u32 skylake[] = {0x07300404, 0, 0, 0x603}, alder_lake[] = {0x07300805, 0, 7, 0x8604};
	const u32 version_1[] = {0x07280201, 0, 0, 0}, none[] = {0, 0, 0, 0};
	const u32 many[] = {0x0730ff05, 0, 0, 0};
	struct pmu pmu = pmu_of_intel(skylake);

	(void)state;
	assert_int_equal(pmu.counters, 4);
	assert_int_equal(pmu.select, 0x186);
	assert_int_equal(pmu.count, 0xc1);
	assert_int_equal(pmu.stride, 1);
	assert_int_equal(pmu.enable, 0x38f);
	assert_int_equal(pmu_of_intel(alder_lake).counters, 8);
	assert_int_equal(pmu_of_intel(many).counters, PMU_COUNTERS_MAX);
	assert_int_equal(pmu_of_intel(version_1).counters, 2);
	assert_int_equal(pmu_of_intel(version_1).enable, 0);
	assert_int_equal(pmu_of_intel(none).counters, 0);
}

static void test_amd(void **state)
{
	const u32 extended[] = {0, 0, 1u << 23, 0}, others[] = {0, 0, ~(1u << 23), 0};
	const u32 version_2[] = {1, 6, 0, 0}, version_1[] = {0, 0, 0, 0};
	struct pmu pmu = pmu_of_amd(extended, version_1);

	(void)state;
	assert_int_equal(pmu.counters, 6);
	assert_int_equal(pmu.select, 0xc0010200);
	assert_int_equal(pmu.count, 0xc0010201);
	assert_int_equal(pmu.stride, 2);
	assert_int_equal(pmu.enable, 0);
	pmu = pmu_of_amd(extended, version_2);
	assert_int_equal(pmu.counters, 6);
	assert_int_equal(pmu.enable, 0xc0000301);
	assert_int_equal(pmu_of_amd(others, version_2).counters, 0);
}

static void test_line(void **state)
{
	u64 codes[PMU_COUNTERS_MAX] = {0};

	(void)state;
	assert_int_equal(pmu_codes_of("", codes), 0);
	assert_int_equal(pmu_codes_of("needs=ignore xpmu=1", codes), 0);
	assert_int_equal(pmu_codes_of("needs=ignore pmu=43003c,4300c0 x", codes), 2);
	assert_true(codes[0] == 0x43003c && codes[1] == 0x4300c0);
	assert_int_equal(pmu_codes_of("pmu=1234567890abcdef", codes), 1);
	assert_true(codes[0] == 0x1234567890abcdef);
	assert_int_equal(pmu_codes_of("pmu=1,2,3,4,5,6,7,8", codes), 8);
	assert_int_equal(pmu_codes_of("pmu=1,2,3,4,5,6,7,8,9", codes), -1);
	assert_int_equal(pmu_codes_of("pmu=", codes), -1);
	assert_int_equal(pmu_codes_of("pmu=1,", codes), -1);
	assert_int_equal(pmu_codes_of("pmu=1,,2", codes), -1);
	assert_int_equal(pmu_codes_of("pmu=43003C", codes), -1);
	assert_int_equal(pmu_codes_of("pmu=1234567890abcdef0", codes), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_intel),
	    cmocka_unit_test(test_amd),
	    cmocka_unit_test(test_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
