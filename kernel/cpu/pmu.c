/* Programs the performance counters that the kernel line asks for: see pmu.h. */
#include "boot/boot.h"
#include "cpu/cpu.h"
#include "cpu/pmu.h"

enum cpuid_register { EAX, EBX, ECX, EDX };

/* All zeros where the CPU has no such leaf. */
static void read_leaf(u32 leaf, u32 r[4])
{
	cpuid(leaf & 0x80000000, 0, r);
	if (r[EAX] >= leaf)
		cpuid(leaf, 0, r);
	else
		r[EAX] = r[EBX] = r[ECX] = r[EDX] = 0;
}

static struct pmu find(void)
{
	u32 leaf_a[4], leaf_1[4], leaf_22[4];

	read_leaf(0xa, leaf_a);
	read_leaf(0x80000001, leaf_1);
	read_leaf(0x80000022, leaf_22);
	return cpu.amd ? pmu_of_amd(leaf_1, leaf_22) : pmu_of_intel(leaf_a);
}

const char *pmu_start(void)
{
	static u64 codes[PMU_COUNTERS_MAX];
	int wanted = pmu_codes_of(boot_info.cmdline, codes);

	if (!wanted)
		return NULL;
	if (wanted < 0)
		return "pmu= of the kernel line is no list of at most 8 hexadecimal codes";
	struct pmu pmu = find();
	if (!pmu.counters)
		return "no PMU on this machine: CPUID shows no performance counters";
	if ((u32)wanted > pmu.counters)
		return "no PMU on this machine for so many events: it has fewer counters";
	if (pmu.enable)
		wrmsr(pmu.enable, 0);
	for (u32 i = 0; i < (u32)wanted; i++) {
		wrmsr(pmu.count + i * pmu.stride, 0);
		wrmsr(pmu.select + i * pmu.stride, codes[i]);
	}
	if (pmu.enable)
		wrmsr(pmu.enable, (1ull << wanted) - 1);
	write_cr4(read_cr4() | CR4_PCE);
	return NULL;
}
