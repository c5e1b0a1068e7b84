/*
 * vdso: clock_gettime(CLOCK_MONOTONIC) through the vDSO: what a call costs that need not enter the
 * kernel.
 */
#include <elf.h>

#include "harness/bench.h"
#include "harness/text.h"

enum { CLOCK_MONOTONIC_ID = 1, AT_VDSO = 33 };

struct time {
	int64_t seconds, nanoseconds;
};

static struct {
	uint64_t function;
	struct time time; /* at 8(%rbx) */
} context;

TIMED(call_vdso, NOTHING, "mov $1, %edi\n	lea 8(%rbx), %rsi", "call *(%rbx)", NOTHING);

/*
 * The address of a function in the image at `base`, or 0. The image's section headers are mapped
 * with it.
 */
static uint64_t find(uint64_t base, const char *name)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)base;
	const Elf64_Shdr *sections = (const Elf64_Shdr *)(base + header->e_shoff);

	for (int i = 0; i < header->e_shnum; i++) {
		if (sections[i].sh_type != SHT_DYNSYM)
			continue;
		const Elf64_Sym *symbols = (const Elf64_Sym *)(base + sections[i].sh_offset);
		const char *names = (const char *)(base + sections[sections[i].sh_link].sh_offset);
		for (uint64_t k = 0; k < sections[i].sh_size / sizeof(symbols[0]); k++)
			if (text_equal(names + symbols[k].st_name, name))
				return base + symbols[k].st_value;
	}
	return 0;
}

static struct verdict setup(struct run *run)
{
	uint64_t base;

	if (!sys_aux(AT_VDSO, &base))
		return bench_unsupported("this kernel has no vDSO");
	context.function = find(base, "__vdso_clock_gettime");
	if (context.function == 0)
		return bench_unsupported("this kernel's vDSO has no clock_gettime");
	run->context = &context;
	return bench_ok();
}

static bool earlier(struct time a, struct time b)
{
	return a.seconds < b.seconds || (a.seconds == b.seconds && a.nanoseconds < b.nanoseconds);
}

/*
 * The time that the last crossing wrote lies between the one before (0 at first) and the kernel's
 * answer now.
 */
static struct verdict check(struct run *run, uint64_t result)
{
	static struct time last;
	struct time now;

	(void)run;
	if (result != 0)
		return bench_failed_with("clock_gettime returned", (int64_t)result);
	sys_call(SYS_CLOCK_GETTIME, CLOCK_MONOTONIC_ID, (long)&now, 0, 0, 0, 0);
	if (!earlier(last, context.time) || earlier(now, context.time))
		return bench_failed("the vDSO's time is not the kernel's");
	last = context.time;
	return bench_ok();
}

const struct benchmark benchmark = {
    .name = "vdso",
    .loops = &call_vdso,
    .setup = setup,
    .check = check,
};
