/* What the CPU can do, and switching on what the core uses of it. */
#include "cpu/cpu.h"
#include "cpu/percpu.h"
#include "entry/variant.h"
#include "lib/lib.h"
#include "mm/layout.h"

struct cpu_features cpu;

enum cpuid_register { EAX, EBX, ECX, EDX };

/* Names as in `needs` and in the boot record; SDM 2A "CPUID", APM 3 appendix E. */
static const struct feature {
	const char *name;
	u32 leaf, subleaf;
	enum cpuid_register reg;
	int bit;
} features[] = {
    {"pge", 1, 0, EDX, 13},
    {"pcid", 1, 0, ECX, 17},
    {"xsave", 1, 0, ECX, 26},
    {"apic", 1, 0, EDX, 9},
    {"x2apic", 1, 0, ECX, 21},
    {"mce", 1, 0, EDX, 7},
    {"hypervisor", 1, 0, ECX, 31},
    {"sysenter", 1, 0, EDX, 11},
    {"fsgsbase", 7, 0, EBX, 0},
    {"smep", 7, 0, EBX, 7},
    {"invpcid", 7, 0, EBX, 10},
    {"smap", 7, 0, EBX, 20},
    {"fred", 7, 1, EAX, 17},
    {"umip", 7, 0, ECX, 2},
    {"shstk", 7, 0, ECX, 7},
    {"la57", 7, 0, ECX, 16},
    {"md_clear", 7, 0, EDX, 10},
    {"bhi_ctrl", 7, 2, EDX, 4},
    {"ibrs", 7, 0, EDX, 26},
    {"stibp", 7, 0, EDX, 27},
    {"ibt", 7, 0, EDX, 20},
    {"nx", 0x80000001, 0, EDX, 20},
    {"syscall", 0x80000001, 0, EDX, 11},
    {"rdtscp", 0x80000001, 0, EDX, 27},
    {"invariant_tsc", 0x80000007, 0, EDX, 8},
};

static bool feature_present(const struct feature *feature)
{
	u32 r[4];
	cpuid(feature->leaf & 0x80000000, 0, r);
	if (r[EAX] < feature->leaf)
		return false;
	cpuid(feature->leaf, feature->subleaf, r);
	return r[feature->reg] >> feature->bit & 1;
}

bool cpu_has(const char *name)
{
	for (unsigned i = 0; i < ARRAY_SIZE(features); i++)
		if (!strcmp(features[i].name, name))
			return feature_present(&features[i]);
	return false;
}

static void list_features(void)
{
	size_t at = 0;
	for (unsigned i = 0; i < ARRAY_SIZE(features); i++) {
		size_t n = strlen(features[i].name);
		if (!feature_present(&features[i]) || at + n + 2 > sizeof(cpu.list))
			continue;
		if (at)
			cpu.list[at++] = ',';
		memcpy(cpu.list + at, features[i].name, n);
		at += n;
	}
}

/* The brand string, or the vendor with family, model and stepping where there is none. */
static void read_brand(void)
{
	u32 r[4];
	cpuid(0x80000000, 0, r);
	if (r[EAX] >= 0x80000004) {
		for (u32 i = 0; i < 3; i++)
			cpuid(0x80000002 + i, 0, (u32 *)cpu.brand + 4 * i);
		return;
	}
	cpuid(0, 0, r);
	memcpy(cpu.brand, &r[EBX], 4);
	memcpy(cpu.brand + 4, &r[EDX], 4);
	memcpy(cpu.brand + 8, &r[ECX], 4);
}

/* AMD and the one that has its design from there. */
static bool is_amd(void)
{
	char vendor[13] = "";
	u32 r[4];
	cpuid(0, 0, r);
	memcpy(vendor, &r[EBX], 4);
	memcpy(vendor + 4, &r[EDX], 4);
	memcpy(vendor + 8, &r[ECX], 4);
	return !strcmp(vendor, "AuthenticAMD") || !strcmp(vendor, "HygonGenuine");
}

void cpu_detect(void)
{
	cpu.amd = is_amd();
	read_brand();
	list_features();
	cpu.pge = cpu_has("pge");
	cpu.pcid = cpu_has("pcid");
	cpu.invpcid = cpu_has("invpcid");
	cpu.smep = cpu_has("smep");
	cpu.smap = cpu_has("smap");
	cpu.umip = cpu_has("umip");
	cpu.fsgsbase = cpu_has("fsgsbase");
	cpu.la57 = cpu_has("la57");
	cpu.xsave = cpu_has("xsave");
	cpu.shstk = entry_variant.shstk && cpu_has("shstk");
	cpu.nx = cpu_has("nx");
	if (!cpu.nx)
		panic(NULL, "this CPU has no NX: the core needs it");
}

/*
 * Everything but PCIDE, which needs the final CR3 (paging_init). SSE is ring 3's; the core itself
 * does not use it.
 */
void cpu_enable_features(void)
{
	u64 cr4 = read_cr4() | CR4_OSFXSR | CR4_OSXMMEXCPT;
	if (cpu.pge && entry_variant.kpti == KPTI_OFF)
		cr4 |= CR4_PGE;
	if (cpu_has("mce"))
		cr4 |= CR4_MCE; /* without it a machine check resets the machine */
	if (cpu.smep)
		cr4 |= CR4_SMEP;
	if (cpu.smap)
		cr4 |= CR4_SMAP;
	if (cpu.umip)
		cr4 |= CR4_UMIP;
	if (cpu.fsgsbase && entry_variant.fsgsbase)
		cr4 |= CR4_FSGSBASE;
	write_cr4(cr4);
	write_cr0((read_cr0() & ~(u64)CR0_EM) | CR0_WP | CR0_MP | CR0_NE | CR0_AM);
	bool ibt = entry_variant.ibt && cpu_has("ibt");
	if (ibt)
		wrmsr(MSR_S_CET, S_CET_ENDBR_EN);
	if (ibt || cpu.shstk)
		write_cr4(cr4 | CR4_CET);
	if (entry_variant.bhi_dis_s && cpu_has("bhi_ctrl"))
		wrmsr(MSR_SPEC_CTRL, rdmsr(MSR_SPEC_CTRL) | SPEC_CTRL_BHI_DIS_S);
}
