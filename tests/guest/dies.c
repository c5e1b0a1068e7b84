/*
 * Ends in the way that its argument names, and says first by which signal the kernel must end it. Nothing catches the trap
 * here: the kernel must report the program's own registers and go on with the next program.
 */
#include "lib/test.h"

#include <asm/signal.h>

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

static const struct way {
	const char *name;
	void (*die)(void);
	int signal, or ; /* `or`: what emulators get wrong */
} ways[] = {
    {"undefined", undefined, SIGILL, 0},
    {"breakpoint", breakpoint, SIGTRAP, 0},
    {"divide", divide, SIGFPE, 0},
    {"halt", halt, SIGSEGV, 0},
    {"port", port, SIGSEGV, 0},
    {"no_interrupts", no_interrupts, SIGSEGV, 0},
    {"write_msr", write_msr, SIGSEGV, 0},
    {"write_cr3", write_cr3, SIGSEGV, 0},
    {"sysret", sysret, SIGSEGV, 0},
    {"swap_gs", swap_gs, SIGSEGV, 0},
    {"load_idt", load_idt, SIGSEGV, 0},
    {"nmi_by_int", nmi_by_int, SIGSEGV, 0},
    {"vector_32", vector_32, SIGSEGV, 0},
    {"step", step, SIGTRAP, 0},
    {"jump_noncanonical", jump_noncanonical, SIGSEGV, 0},
    {"read_noncanonical", read_noncanonical, SIGSEGV, 0},
    {"stack_noncanonical", stack_noncanonical, SIGBUS, SIGSEGV}, /* QEMU: #GP, the CPU: #SS */
    {"call_kernel", call_kernel, SIGSEGV, 0},
    {"read_kernel", read_kernel, SIGSEGV, 0},
    {"write_entry_area", write_entry_area, SIGSEGV, 0},
    {"read_null", read_null, SIGSEGV, 0},
    {"write_code", write_code, SIGSEGV, 0},
    {"run_stack", run_stack, SIGSEGV, 0},
    {"iret_to_kernel", iret_to_kernel, SIGSEGV, 0},
    {"stack_switch", stack_switch, SIGSEGV, 0},
    {"exit_noncanonical", exit_noncanonical, SIGSEGV, 0},
    {"exit_to_kernel", exit_to_kernel, SIGSEGV, 0},
    {"exit_null_stack", exit_null_stack, SIGSEGV, 0},
    {"exit_bad_code", exit_bad_code, SIGSEGV, 0},
};

static void test_death(void)
{
	for (unsigned i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (!text_equal(argument, ways[i].name))
			continue;
		say("EXPECT: %s: signal %d|%d", ways[i].name, ways[i].signal,
		    ways[i].or ? ways[i].or : ways[i].signal);
		ways[i].die();
		wrong("%s: still alive", ways[i].name);
		return;
	}
	wrong("no way to die is named so: %s", argument);
}

static const struct test tests[] = {{"dies", test_death, NULL}};

const struct program program = {"dies", tests, 1};
