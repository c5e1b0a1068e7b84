/*
 * ldt_fault:SEGMENT: ldt_stack by page faults, for hosts where INT 0x80 reads a local APIC that the
 * hypervisor traps. The segments are ldt_stack's, the faults page_fault:read's: the first access to
 * the next page of anonymous memory, all of which are given back before each window.
 */
#include "harness/fault_pages.h"
#include "harness/ldt.h"

enum { IN_GDT, IN_LDT_32, IN_LDT_16 };

/* Stack selectors, the one under test and the usual one; the pages. */
static struct context {
	uint64_t tried, usual;
	char *area;
} context;

/* RSI walks; RAX gets the zero that is read. */
TIMED(fault_on_stack, "mov 16(%rbx), %rsi", "mov (%rbx), %ss\n	xor %eax, %eax", "mov (%rsi), %rax",
      "mov 8(%rbx), %ss\n	lea -8(%rbp), %rsp\n	add $4096, %rsi");

static const struct bench_param params[] = {
    {.text = "gdt", .value = IN_GDT},
    {.text = "ldt32", .value = IN_LDT_32},
    {.text = "ldt16", .value = IN_LDT_16},
};

static void before(struct run *run, uint64_t rounds)
{
	(void)run;
	fault_pages_give_back(context.area, rounds);
}

static struct verdict setup(struct run *run)
{
	struct verdict mapped = fault_pages_map(run, &context.area);

	if (mapped.outcome != OUTCOME_OK)
		return mapped;
	context.usual = context.tried = ldt_usual_stack();
	run->context = &context;
	if (run->options->value != IN_GDT)
		context.tried = ldt_make_stack(run->options->value == IN_LDT_32);
	if (!context.tried)
		return bench_unsupported("this kernel has no modify_ldt");
	return fault_pages_prove(run);
}

/* SS behind a fault: that the IRET did load the segment. */
static uint16_t stack_after(void)
{
	uint16_t after;

	fault_pages_give_back(context.area, 1);
	__asm__ volatile("mov %%rsp, %%r12\n\t"
			 "mov %[tried], %%ss\n\t"
			 "mov (%[page]), %%rax\n\t"
			 "mov %%ss, %[after]\n\t"
			 "mov %[usual], %%ss\n\t"
			 "mov %%r12, %%rsp"
			 : [after] "=&r"(after)
			 : [tried] "r"((uint32_t)context.tried),
			   [usual] "r"((uint32_t)context.usual), [page] "r"(context.area)
			 : "rax", "r12", "memory");
	return after;
}

static struct verdict check(struct run *run, uint64_t result)
{
	uint16_t after = stack_after();

	(void)run;
	if (result != 0)
		return bench_failed_with("a new page held", (int64_t)result);
	if (after != context.tried)
		return bench_failed_with("the stack segment afterwards is", after);
	return bench_ok();
}

const struct benchmark benchmark = {
    .name = "ldt_fault",
    .params = params,
    .param_count = sizeof(params) / sizeof(params[0]),
    .loops = &fault_on_stack,
    .setup = setup,
    .before = before,
    .check = check,
};
