/*
 * ldt_stack:SEGMENT: getppid through INT 0x80 from 64-bit code whose stack segment is
 *
 *	gdt	the usual flat one
 *	ldt32	one of the LDT with 32 bits
 *	ldt16	one of the LDT with 16 bits, for which a kernel with ESPFIX64 builds its frame
 *		elsewhere
 *
 * The cases share their code and differ in one word of data. A kernel knows a segment of the LDT by
 * its selector alone, so ldt32 pays what ldt16 pays. On some CPUs IRET to 16 bits leaves RSP cut
 * short for 64-bit code too: it is loaded anew. ldt_fault goes another way across.
 */
#include "harness/bench.h"
#include "harness/ldt.h"
#include "harness/probe.h"

enum { IN_GDT, IN_LDT_32, IN_LDT_16 };

/* Stack selectors: the one under test, and the usual one. */
struct selectors {
	uint64_t tried, usual;
};

TIMED(getppid_on_stack, NOTHING, "mov (%rbx), %ss\n	mov $" TEXT_OF(SYS_INT80_GETPPID) ", %eax",
      "int $0x80", "mov 8(%rbx), %ss\n	lea -8(%rbp), %rsp");

static const struct bench_param params[] = {
    {.text = "gdt", .value = IN_GDT},
    {.text = "ldt32", .value = IN_LDT_32},
    {.text = "ldt16", .value = IN_LDT_16},
};

static struct verdict setup(struct run *run)
{
	static struct selectors selectors;

	selectors.usual = selectors.tried = ldt_usual_stack();
	run->context = &selectors;
	if (probe_window(run->loops->once, run->context) == PROBE_FAULTS)
		return bench_unsupported("INT 0x80 faults: this kernel has no 32-bit emulation");
	run->loops->once(1, run->context);
	if ((int)timed_result == -SYS_ENOSYS)
		return bench_unsupported("INT 0x80 knows no getppid: 32-bit emulation is off");
	if (run->options->value != IN_GDT)
		selectors.tried = ldt_make_stack(run->options->value == IN_LDT_32);
	return selectors.tried ? bench_ok() : bench_unsupported("this kernel has no modify_ldt");
}

/* SS after the crossing: that the IRET did load the segment. */
static uint16_t stack_after(const struct selectors *selectors)
{
	uint16_t after;

	__asm__ volatile("mov %%rsp, %%r12\n\t"
			 "mov %[tried], %%ss\n\t"
			 "mov %[getppid], %%eax\n\t"
			 "int $0x80\n\t"
			 "mov %%ss, %[after]\n\t"
			 "mov %[usual], %%ss\n\t"
			 "mov %%r12, %%rsp"
			 : [after] "=&r"(after)
			 : [tried] "r"((uint32_t)selectors->tried),
			   [usual] "r"((uint32_t)selectors->usual), [getppid] "i"(SYS_INT80_GETPPID)
			 : "rax", "r8", "r9", "r10", "r11", "r12", "memory");
	return after;
}

static struct verdict check(struct run *run, uint64_t result)
{
	const struct selectors *selectors = run->context;

	if (result != (uint64_t)sys_call_int80(SYS_INT80_GETPPID, 0, 0, 0) || (int64_t)result < 0)
		return bench_failed_with("getppid returned", (int64_t)result);
	uint16_t after = stack_after(selectors);
	if (after != selectors->tried)
		return bench_failed_with("the stack segment afterwards is", after);
	return bench_ok();
}

const struct benchmark benchmark = {
    .name = "ldt_stack",
    .own_entry = true,
    .params = params,
    .param_count = sizeof(params) / sizeof(params[0]),
    .loops = &getppid_on_stack,
    .setup = setup,
    .check = check,
};
