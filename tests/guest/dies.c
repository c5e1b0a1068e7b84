/*
 * Ends in the way that its argument names, and says first by which signal the kernel must end it.
 * Nothing catches the trap here: the kernel must report the program's own registers and go on with
 * the next program.
 */
#include "harness/signal_frame.h"
#include "lib/ldt.h"
#include "lib/test.h"
#include "rseq_sections.h"

#define ASM(name, text)                                                                            \
	static void name(void)                                                                     \
	{                                                                                          \
		__asm__ volatile(text : : : "rax", "rcx", "rdx", "memory");                        \
	}

ASM(undefined, "ud2")
ASM(breakpoint, "int3")
ASM(divide, "xor %%ecx, %%ecx; xor %%edx, %%edx; mov $1, %%eax; div %%ecx")
ASM(halt, "hlt")
ASM(port, "in $0x60, %%al")
ASM(no_interrupts, "cli")
ASM(write_msr, "mov $0xc0000082, %%ecx; wrmsr")
ASM(write_cr3, "mov %%rax, %%cr3")
ASM(sysret, "sysretq")
ASM(swap_gs, "swapgs")
ASM(load_idt, "lidt (%%rsp)")
ASM(nmi_by_int, "int $2")
ASM(vector_32, "int $32")
ASM(step, "pushfq; orl $0x100, (%%rsp); popfq; nop; nop")
ASM(jump_noncanonical, "mov $0x8000000000000000, %%rax; jmp *%%rax")
ASM(read_noncanonical, "mov $0x8000000000000000, %%rax; mov (%%rax), %%rax")
ASM(stack_noncanonical, "mov $0x8000000000000000, %%rsp; push %%rax")
ASM(call_kernel, "mov $0xffffffff80103000, %%rax; jmp *%%rax")
ASM(read_kernel, "mov 0xffffffff80103000, %%rax")
ASM(write_entry_area, "mov $0xfffffe0000003000, %%rax; mov %%rax, (%%rax)")
ASM(read_null, "xor %%eax, %%eax; mov (%%rax), %%rax")
ASM(write_code, "lea 1f(%%rip), %%rax; 1: movb $0, (%%rax)")
ASM(run_stack, "jmp *%%rsp")
ASM(iret_to_kernel, "push $0x18; push %%rsp; pushfq; push $0x10; push $0xffffffff80103000; iretq")
ASM(stack_switch, "mov $0x1b, %%eax; mov %%eax, %%ss")

static struct eb_regs regs;

static void exit_to(uint64_t ip, uint64_t cs, uint64_t ss)
{
	fill(&regs);
	regs.ip = regs.cx = ip;
	regs.r11 = regs.flags;
	regs.cs = cs;
	regs.ss = ss;
	exit_with(&regs);
}

static void exit_noncanonical(void)
{
	exit_to(0x0000800000000000, USER_CODE, USER_DATA);
}

static void exit_to_kernel(void)
{
	exit_to(0xffffffff80103000, USER_CODE, USER_DATA);
}

static void exit_null_stack(void)
{
	exit_to((uint64_t)landing, USER_CODE, 0);
}

static void exit_bad_code(void)
{
	exit_to((uint64_t)landing, 0xfff3, USER_DATA);
}

/*
 * Frames for a stack segment of the LDT: with espfix=on IRET refuses them on the ministack, where
 * all is #GP.
 */
static void exit_on_ldt(uint64_t ip, uint64_t cs, enum ldt_entry stack)
{
	EXPECT(ldt_fill(), "modify_ldt");
	exit_to(ip, cs, ldt_selector(stack));
}

static void ldt_bad_code(void)
{
	exit_on_ldt((uint64_t)landing, 0xfff3, LDT_STACK_16);
}

static void ldt_noncanonical(void)
{
	exit_on_ldt(0x0000800000000000, USER_CODE, LDT_STACK_16);
}

static void ldt_no_stack(void)
{
	exit_on_ldt((uint64_t)landing, USER_CODE_32, LDT_CODE);
}

static void ldt_absent_stack(void)
{
	exit_on_ldt((uint64_t)landing, USER_CODE_32, LDT_ABSENT);
}

/* The signal is blocked while its handler runs, so it ends the program. */
static void trap_again(int signal, void *info, struct signal_context *context)
{
	(void)signal;
	(void)info;
	(void)context;
	undefined();
}

/* A section whose abort handler has another signature before it: the handler never runs. */
static void rseq_unsigned(void)
{
	static volatile struct rseq_area area;

	signal_handle(SIGNAL_ILL, trap_again);
	sys_call(SYS_RSEQ, (long)&area, sizeof(area), 0, SIGNATURE, 0, 0);
	section_unsigned(&area);
}

static const struct way {
	const char *name;
	void (*die)(void);
	const char *signal,
	    *instead; /* NULL: as the variant has it; `instead`: what an emulator gives */
} ways[] = {
    {"undefined", undefined, "SIGILL", NULL},
    {"breakpoint", breakpoint, "SIGTRAP", NULL},
    {"divide", divide, "SIGFPE", NULL},
    {"halt", halt, "SIGSEGV", NULL},
    {"port", port, "SIGSEGV", NULL},
    {"no_interrupts", no_interrupts, "SIGSEGV", NULL},
    {"write_msr", write_msr, "SIGSEGV", NULL},
    {"write_cr3", write_cr3, "SIGSEGV", NULL},
    {"sysret", sysret, "SIGSEGV", NULL},
    {"swap_gs", swap_gs, "SIGSEGV", NULL},
    {"load_idt", load_idt, "SIGSEGV", NULL},
    {"nmi_by_int", nmi_by_int, "SIGSEGV", NULL},
    {"vector_32", vector_32, "SIGSEGV", NULL},
    {"step", step, "SIGTRAP", NULL},
    {"jump_noncanonical", jump_noncanonical, "SIGSEGV", NULL},
    {"read_noncanonical", read_noncanonical, "SIGSEGV", NULL},
    {"stack_noncanonical", stack_noncanonical, "SIGBUS", "SIGSEGV"}, /* QEMU: #GP, the CPU: #SS */
    {"call_kernel", call_kernel, "SIGSEGV", NULL},
    {"read_kernel", read_kernel, "SIGSEGV", NULL},
    {"write_entry_area", write_entry_area, "SIGSEGV", NULL},
    {"read_null", read_null, "SIGSEGV", NULL},
    {"write_code", write_code, "SIGSEGV", NULL},
    {"run_stack", run_stack, "SIGSEGV", NULL},
    {"iret_to_kernel", iret_to_kernel, "SIGSEGV", NULL},
    {"stack_switch", stack_switch, "SIGSEGV", NULL},
    {"exit_noncanonical", exit_noncanonical, "SIGSEGV", NULL},
    {"exit_to_kernel", exit_to_kernel, "SIGSEGV", NULL},
    {"exit_null_stack", exit_null_stack, "SIGSEGV", NULL},
    {"exit_bad_code", exit_bad_code, "SIGSEGV", NULL},
    {"ldt_bad_code", ldt_bad_code, "SIGSEGV", NULL},
    {"ldt_noncanonical", ldt_noncanonical, "SIGSEGV", NULL},
    {"ldt_no_stack", ldt_no_stack, "SIGSEGV", NULL},
    {"ldt_absent_stack", ldt_absent_stack, NULL, NULL},
    {"rseq_unsigned", rseq_unsigned, "SIGILL", NULL},
};

static void test_death(void)
{
	for (unsigned i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (!text_equal(argument, ways[i].name))
			continue;
		const char *signal = ways[i].signal;
		/* with FRED there are none of the two, whoever executes them */
		if (has("entry=fred") && (ways[i].die == sysret || ways[i].die == swap_gs))
			signal = "SIGILL";
		if (has("rseq=on") && ways[i].die == rseq_unsigned)
			signal = "SIGSEGV";
		if (!signal) /* #SS, or on the ministack #GP */
			signal = has("espfix=on") ? "SIGSEGV" : "SIGBUS";
		say("EXPECT: %s: %s|%s", ways[i].name, signal,
		    ways[i].instead ? ways[i].instead : signal);
		ways[i].die();
		wrong("%s: still alive", ways[i].name);
		return;
	}
	wrong("no way to die is named so: %s", argument);
}

static const struct test tests[] = {{"dies", test_death, NULL}};

const struct program program = {"dies", tests, 1, false};
