/*
 * Which performance counters a CPU has, and what the kernel line wants of them: see pmu.h. Touches
 * no hardware.
 */
#include "cpu/pmu.h"

enum cpuid_register { EAX, EBX, ECX, EDX };

#define INTEL_SELECT 0x186 /* IA32_PERFEVTSEL0 */
#define INTEL_COUNT  0xc1  /* IA32_PMC0 */
#define INTEL_ENABLE 0x38f /* IA32_PERF_GLOBAL_CTRL, from version 2 on */
#define AMD_SELECT                                                                                 \
	0xc0010200 /* PERF_CTL0 of the extended core counters; PERF_CTR0 is the next one */
#define AMD_COUNT    0xc0010201
#define AMD_ENABLE   0xc0000301 /* PerfCntrGlobalCtl */
#define AMD_CORE_BIT (1u << 23) /* PerfCtrExtCore */
#define AMD_COUNTERS 6

struct pmu pmu_of_intel(const u32 leaf_a[4])
{
	u32 version = leaf_a[EAX] & 0xff, counters = leaf_a[EAX] >> 8 & 0xff;

	if (!version)
		return (struct pmu){.counters = 0};
	return (struct pmu){
	    .counters = counters < PMU_COUNTERS_MAX ? counters : PMU_COUNTERS_MAX,
	    .select = INTEL_SELECT,
	    .count = INTEL_COUNT,
	    .stride = 1,
	    .enable = version >= 2 ? INTEL_ENABLE : 0,
	};
}

/*
 * Only the extended counters: the four of old (0xc0010000) are there on every AMD CPU, but a
 * hypervisor that passes no PMU on has no CPUID bit with which to take them back.
 */
struct pmu pmu_of_amd(const u32 leaf_1[4], const u32 leaf_22[4])
{
	bool version_2 = leaf_22[EAX] & 1;
	u32 counters = version_2 ? leaf_22[EBX] & 0xf : AMD_COUNTERS;

	if (!(leaf_1[ECX] & AMD_CORE_BIT))
		return (struct pmu){.counters = 0};
	return (struct pmu){
	    .counters = counters < PMU_COUNTERS_MAX ? counters : PMU_COUNTERS_MAX,
	    .select = AMD_SELECT,
	    .count = AMD_COUNT,
	    .stride = 2,
	    .enable = version_2 ? AMD_ENABLE : 0,
	};
}

/* -1 where there is no digit. */
static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int list(const char *at, u64 codes[PMU_COUNTERS_MAX])
{
	for (int count = 0; count < PMU_COUNTERS_MAX;) {
		u64 code = 0;
		int digits = 0;

		for (; digit(*at) >= 0 && digits < 16; digits++)
			code = code << 4 | (u64)digit(*at++);
		if (!digits)
			return -1;
		codes[count++] = code;
		if (*at == ' ' || !*at)
			return count;
		if (*at++ != ',')
			return -1;
	}
	return -1;
}

int pmu_codes_of(const char *line, u64 codes[PMU_COUNTERS_MAX])
{
	static const char word[] = "pmu=";

	while (*line) {
		size_t n = 0;

		while (n < sizeof(word) - 1 && line[n] == word[n])
			n++;
		if (n == sizeof(word) - 1)
			return list(line + n, codes);
		while (*line && *line != ' ')
			line++;
		line += *line == ' ';
	}
	return 0;
}
