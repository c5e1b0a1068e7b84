/*
 * The `boot` record of a Linux, guest or host: what CPUID says.
 */
#include <cpuid.h>
#include <stdint.h>

#include <entrybench/record.h>

#include "harness/stream.h"
#include "harness/text.h"
#include "init.h"

enum reg { EAX, EBX, ECX, EDX };

/* SDM vol. 2, CPUID; ibrs of AMD in APM vol. 3, appendix E. */
static const struct {
	const char *name;
	uint32_t leaf;
	enum reg reg;
	unsigned bit;
} features[] = {
    {.name = "pcid", .leaf = 1, .reg = ECX, .bit = 17},
    {.name = "invpcid", .leaf = 7, .reg = EBX, .bit = 10},
    {.name = "smep", .leaf = 7, .reg = EBX, .bit = 7},
    {.name = "smap", .leaf = 7, .reg = EBX, .bit = 20},
    {.name = "umip", .leaf = 7, .reg = ECX, .bit = 2},
    {.name = "fsgsbase", .leaf = 7, .reg = EBX, .bit = 0},
    {.name = "la57", .leaf = 7, .reg = ECX, .bit = 16},
    {.name = "rdtscp", .leaf = 0x80000001, .reg = EDX, .bit = 27},
    {.name = "invariant_tsc", .leaf = 0x80000007, .reg = EDX, .bit = 8},
    {.name = "hypervisor", .leaf = 1, .reg = ECX, .bit = 31},
    {.name = "apic", .leaf = 1, .reg = EDX, .bit = 9},
    {.name = "sysenter", .leaf = 1, .reg = EDX, .bit = 11},
    {.name = "ibrs", .leaf = 7, .reg = EDX, .bit = 26},
    {.name = "amd_ibrs", .leaf = 0x80000008, .reg = EBX, .bit = 14},
    {.name = "md_clear", .leaf = 7, .reg = EDX, .bit = 10},
};

static bool cpuid(uint32_t leaf, uint32_t out[4])
{
	return __get_cpuid_count(leaf, 0, &out[EAX], &out[EBX], &out[ECX], &out[EDX]) != 0;
}

/* VENDOR.FAMILY.MODEL.STEPPING, for a CPU without a name of its own. */
static const char *cpu_signature(void)
{
	static char text[12 + 3 * (1 + TEXT_NUMBER_MAX)];
	uint32_t out[4], vendor[3];
	size_t used = sizeof(vendor);

	__cpuid(0, out[EAX], vendor[0], vendor[2], vendor[1]);
	memcpy(text, vendor, sizeof(vendor));
	__cpuid(1, out[EAX], out[EBX], out[ECX], out[EDX]);
	uint32_t family = out[EAX] >> 8 & 15, model = out[EAX] >> 4 & 15;
	if (family == 6 || family == 15)
		model += (out[EAX] >> 16 & 15) << 4;
	if (family == 15)
		family += out[EAX] >> 20 & 255;
	const uint32_t numbers[] = {family, model, out[EAX] & 15};
	for (size_t i = 0; i < 3; i++) {
		text[used++] = '.';
		used += text_from_unsigned(text + used, numbers[i]);
	}
	return text;
}

/* Brand string; spaces in front are the CPU's own. */
static const char *cpu_name(void)
{
	static uint32_t brand[13];
	const char *name = (const char *)brand;

	for (uint32_t i = 0; i < 3; i++)
		if (!cpuid(0x80000002 + i, brand + (size_t)4 * i))
			return cpu_signature();
	while (*name == ' ')
		name++;
	return *name != '\0' ? name : cpu_signature();
}

/*
 * In a hypervisor's timing leaf, or from the crystal's frequency and the TSC's ratio to it; 0:
 * unknown.
 */
static uint64_t tsc_hz(void)
{
	uint32_t out[4];

	if (cpuid(0x15, out) && out[EAX] != 0 && out[ECX] != 0)
		return (uint64_t)out[ECX] * out[EBX] / out[EAX];
	if (!cpuid(1, out) || (out[ECX] >> 31 & 1) == 0)
		return 0;
	__cpuid(0x40000000, out[EAX], out[EBX], out[ECX], out[EDX]);
	if (out[EAX] < 0x40000010 || out[EAX] > 0x400000ff)
		return 0;
	__cpuid(0x40000010, out[EAX], out[EBX], out[ECX], out[EDX]);
	return (uint64_t)out[EAX] * 1000;
}

static void add_features(void)
{
	bool first = true;

	record_key("features");
	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++) {
		uint32_t out[4];

		if (!cpuid(features[i].leaf, out) ||
		    (out[features[i].reg] >> features[i].bit & 1) == 0)
			continue;
		if (!first)
			record_piece(",", 1);
		record_piece(features[i].name, text_length(features[i].name));
		first = false;
	}
}

void boot_send(const char *variant, const char *console)
{
	record_start(EB_TYPE_BOOT);
	record_text("variant", variant);
	record_text("cpu", cpu_name());
	add_features();
	record_text("machine", console);
	record_number("tsc_hz", (int64_t)tsc_hz());
	record_send();
}
