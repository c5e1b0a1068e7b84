/*
 * instruction_cost:INSTRUCTION: what one instruction of an entry path costs where ring 3 may
 * execute it too. No crossing at all: in place of one stands the instruction.
 */
#include <cpuid.h>

#include "harness/bench.h"
#include "harness/probe.h"
#include "harness/mechanism.h"
#include "harness/shadow_stack.h"

enum { AT_HWCAP2 = 26, HWCAP2_FSGSBASE = 2 };

/* What the texts find at RBX. */
struct context {
	uint16_t selector; /* a data segment that may be written, for VERW */
	uint64_t gs_base;  /* at 8 */
	/* at 16: what IRETQ pops. RSP comes out as it went in, so the frame serves again. */
	uint64_t rip, cs, rflags, rsp, ss;
	/* at 56: what a far return pops, and a word that stands there then */
	uint64_t far_rip, far_cs, above;
};

/* RSP is in there when IRETQ faults, and the signal's frame goes below it. */
static struct {
	uint64_t room[2048];
	struct context context;
} stack;

TIMED(cost_lfence, NOTHING, "xor %eax, %eax", "lfence", NOTHING);
TIMED(cost_rdtsc, NOTHING, "xor %eax, %eax", "rdtsc", NOTHING);
TIMED(cost_rdtscp, NOTHING, "xor %eax, %eax", "rdtscp", NOTHING);
TIMED(cost_verw, NOTHING, "xor %eax, %eax", "verw (%rbx)", NOTHING);
TIMED(cost_rdgsbase, NOTHING, "xor %eax, %eax", "rdgsbase %rax", NOTHING);
TIMED(cost_wrgsbase, NOTHING, "mov 8(%rbx), %rax", "wrgsbase %rax", NOTHING);
TIMED(cost_iretq,
      "lea 16(%rbx), %rsp\n"
      "	lea 77f(%rip), %rax\n"
      "	mov %rax, (%rsp)\n"
      "	mov %rsp, 24(%rsp)",
      "xor %eax, %eax", "iretq", "77:");

TIMED(cost_lretq,
      "lea 77f(%rip), %rax\n"
      "	mov %rax, 56(%rbx)",
      "lea 56(%rbx), %rsp\n	xor %eax, %eax", "lretq", "77:");
TIMED(cost_pushfq_popfq, NOTHING, "xor %eax, %eax", "pushfq\n	popfq", NOTHING);

enum { ANY = 0, FSGSBASE, RDTSCP };

static const struct bench_param params[] = {
    {.text = "lfence", .loops = &cost_lfence},
    {.text = "rdtsc", .loops = &cost_rdtsc},
    {.text = "rdtscp", .loops = &cost_rdtscp, .value = RDTSCP},
    {.text = "verw", .loops = &cost_verw},
    {.text = "rdgsbase", .loops = &cost_rdgsbase, .value = FSGSBASE},
    {.text = "wrgsbase", .loops = &cost_wrgsbase, .value = FSGSBASE},
    {.text = "iretq", .loops = &cost_iretq},
    {.text = "lretq", .loops = &cost_lretq},
    {.text = "pushfq_popfq", .loops = &cost_pushfq_popfq},
};

static bool cpu_has_rdtscp(void)
{
	uint32_t eax, ebx, ecx, edx;

	return __get_cpuid(0x80000001, &eax, &ebx, &ecx, &edx) != 0 && (edx >> 27 & 1) != 0;
}

/*
 * QEMU's TCG before 9.1 reads the frame as ring 0 would, and SMAP forbids that. This core says so
 * by a signal; Linux takes it for a fault of its own and kills the program.
 */
static bool far_return_would_kill(void)
{
	uint32_t eax, ebx, ecx, edx;

	__cpuid(0x40000000, eax, ebx, ecx, edx);
	return ebx == 0x54474354 /* "TCGT" */ && !is_this_core();
}

/* CR4.FSGSBASE is the kernel's to set, and this is how it says so. */
static bool kernel_lets_fsgsbase(void)
{
	uint64_t capabilities;

	return sys_aux(AT_HWCAP2, &capabilities) && (capabilities & HWCAP2_FSGSBASE) != 0;
}

static struct verdict setup(struct run *run)
{
	struct context *context = &stack.context;
	uint16_t cs, ss;

	if (run->options->value == RDTSCP && !cpu_has_rdtscp())
		return bench_unsupported("this CPU has no RDTSCP");
	if (run->options->value == FSGSBASE) {
		if (!kernel_lets_fsgsbase())
			return bench_unsupported("RDGSBASE is off in this kernel or CPU");
		__asm__ volatile("rdgsbase %0" : "=r"(context->gs_base));
	}
	shadow_stack_end(); /* IRETQ and far returns would take their words from there, too */
	__asm__("mov %%cs, %0\n\tmov %%ss, %1" : "=r"(cs), "=r"(ss));
	context->selector = ss;
	context->cs = context->far_cs = cs;
	context->ss = ss;
	context->rflags = 0x202; /* the bit that is always set, and IF as Linux has it in ring 3 */
	run->context = context;
	if ((run->loops == &cost_iretq || run->loops == &cost_lretq) &&
	    (far_return_would_kill() || probe_window(run->loops->once, context) != PROBE_WORKS))
		return bench_unsupported(
		    "a return to the same ring faults or cannot be tried here");
	return bench_ok();
}

/* RAX is 0 where the instruction does not write it; the counter is not 0, the base what it was. */
static struct verdict check(struct run *run, uint64_t result)
{
	bool counter = run->loops == &cost_rdtsc || run->loops == &cost_rdtscp;

	if (counter ? result != 0 : result == stack.context.gs_base)
		return bench_ok();
	return bench_failed_with("the instruction left in RAX", (int64_t)result);
}

const struct benchmark benchmark = {
    .name = "instruction_cost",
    .params = params,
    .param_count = sizeof(params) / sizeof(params[0]),
    .setup = setup,
    .check = check,
};
