/* Exceptions as signals: which one, its code, address, and what the frame says of the trap. */
#include "show.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <ucontext.h>

static sigjmp_buf again;
static siginfo_t last;
static uint64_t trapno, error, cr2, rip;
static uint64_t base; /* addresses print as distances from here */

static void caught(int signal, siginfo_t *info, void *context)
{
	const greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
	(void)signal;
	last = *info;
	trapno = regs[REG_TRAPNO];
	error = regs[REG_ERR];
	cr2 = regs[REG_CR2];
	rip = regs[REG_RIP];
	siglongjmp(again, 1);
}

static void print_address(const char *name, uint64_t address)
{
	int64_t distance = address - base;
	if (distance >= -100000 && distance < 100000)
		printf(" %s base%+ld", name, distance);
	else
		printf(" %s %lx", name, address);
}

static void report(const char *what, void *at)
{
	uint64_t address = (uint64_t)last.si_addr;
	printf("%s: signal %d code %d trap %lu", what, last.si_signo, last.si_code, trapno);
	/*
	 * what INT n leaves differs: emulators compute it as for the shorter entries of 32-bit mode
	 */
	if (strncmp(what, "int_", 4))
		printf(" error %lx", error);
	if (last.si_code > 0 && last.si_code != SI_KERNEL && address == rip)
		printf(" address is ip");
	else
		print_address("address", address);
	if (trapno == 14)
		print_address("cr2", cr2);
	printf("%s\n", at && rip == (uint64_t)at ? ", at the instruction" : "");
}

/* Runs code that must fault; `AT` marks the instruction. */
#define FAULT(what, code, ...)                                                                     \
	do {                                                                                       \
		extern char at_##what[];                                                           \
		if (!sigsetjmp(again, 1)) {                                                        \
			__asm__ volatile(".globl at_" #what "\nat_" #what ": " code                \
					 : __VA_ARGS__);                                           \
			printf(#what ": no fault\n");                                              \
		} else {                                                                           \
			report(#what, strncmp(#what, "jump", 4) ? at_##what : NULL);               \
		}                                                                                  \
	} while (0)

static void instructions(void)
{
	FAULT(divide, "divl %0", : "m"((int){0}) : "rax", "rdx");
	FAULT(divide_overflow, "idivl %0", : "m"((int){-1}), "a"(0x80000000), "d"(0xffffffff));
	FAULT(ud2, "ud2", );
	FAULT(hlt, "hlt", );
	FAULT(cli, "cli", );
	FAULT(sti, "sti", );
	FAULT(inb, "inb $0x60, %%al", ::"rax");
	FAULT(outb, "outb %%al, $0x80", );
	FAULT(rdmsr, "rdmsr", : "c"(0xc0000080) : "rax", "rdx");
	FAULT(wrmsr, "wrmsr", : "c"(0xc0000080), "a"(0), "d"(0));
	FAULT(mov_cr0, "mov %%cr0, %%rax", ::"rax");
	FAULT(mov_cr3, "mov %%rax, %%cr3", );
	FAULT(mov_dr7, "mov %%dr7, %%rax", ::"rax");
	FAULT(invlpg, "invlpg (%%rsp)", );
	FAULT(wbinvd, "wbinvd", );
	FAULT(clts, "clts", );
	FAULT(lgdt, "lgdt (%%rsp)", );
	FAULT(ltr, "ltr %%ax", );
	FAULT(swapgs, "swapgs", );
	FAULT(sysretq, "sysretq", );
	FAULT(int_20, "int $0x20", );
	FAULT(int_0, "int $0", );
	FAULT(int_81, "int $0x81", );
	FAULT(int_ff, "int $0xff", );
	FAULT(load_ds, "mov %0, %%ds", : "r"(0x7f));
	FAULT(load_kernel_ds, "mov %0, %%ds", : "r"(0x18));
	FAULT(load_ss_null, "mov %0, %%ss", : "r"(0));
	FAULT(jump_not_canonical, "jmp *%0", : "r"(0x8000000000000000)); /* here or there */
	FAULT(xgetbv, "xgetbv", : "c"(99) : "rax", "rdx");
	FAULT(xsetbv, "xsetbv", : "a"(3), "c"(0), "d"(0));
}

static void memory(void)
{
	char *page = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open("text", O_RDONLY);
	char *file = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, fd, 0);
	base = (uint64_t)page;
	munmap(page + 4096, 4096);
	mprotect(page + 8192, 4096, PROT_READ);
	mprotect(page + 12288, 4096, PROT_NONE);
	FAULT(read_null, "movl 0, %%eax", ::"rax");
	FAULT(write_null, "movl $1, 0x10", ::"memory");
	FAULT(read_hole, "movl (%0), %%eax", : "r"(page + 4096 + 123) : "rax");
	FAULT(write_hole, "movl $1, (%0)", : "r"(page + 4096) : "memory");
	FAULT(write_read_only, "movl $1, (%0)", : "r"(page + 8192 + 8) : "memory");
	FAULT(read_none, "movl (%0), %%eax", : "r"(page + 12288) : "rax");
	FAULT(across, "movq (%0), %%rax", : "r"(page + 4096 - 3) : "rax");
	FAULT(run_data, "jmp *%0", : "r"(page));
	FAULT(run_hole, "jmp *%0", : "r"(page + 4096));
	FAULT(read_kernel_text, "movl (%0), %%eax", : "r"(0xffffffff81000000) : "rax");
	FAULT(write_kernel, "movl $1, (%0)", : "r"(0xffff888000100000) : "memory");
	FAULT(read_last_byte, "movb (%0), %%al", : "r"(-1ul) : "rax");
	FAULT(run_kernel, "jmp *%0", : "r"(0xffffffff81000000));
	FAULT(read_not_canonical, "movl (%0), %%eax", : "r"(0x800000000000) : "rax");
	FAULT(read_not_canonical_2, "movl (%0), %%eax", : "r"(0xdead000000000000) : "rax");
	base = (uint64_t)file;
	printf("%c\n", file[0]); /* there before it is written to */
	FAULT(beyond_file, "movl (%0), %%eax", : "r"(file + 4096) : "rax");
	FAULT(write_file, "movl $1, (%0)", : "r"(file) : "memory");
}

static void floating(void)
{
	unsigned short control = 0x37f & ~4; /* division by zero not masked */
	FAULT(x87_divide, "fldcw %0; fldz; fld1; fdivp; fwait", : "m"(control));
	__asm__ volatile("fninit");
}

static volatile sig_atomic_t traps;
static uint64_t trap_ip;

static void trapped(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	(void)signal;
	traps++;
	last = *info;
	trapno = uc->uc_mcontext.gregs[REG_TRAPNO];
	trap_ip = uc->uc_mcontext.gregs[REG_RIP];
}

/* Reported behind the instruction. */
static void traps_behind(void)
{
	extern char after_int3[];
	struct sigaction action = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO};
	sigaction(SIGTRAP, &action, NULL);
	__asm__ volatile("int3\n.globl after_int3\nafter_int3:" ::: "memory");
	printf("int3: %d code %d trap %lu address %p behind %d\n", traps, last.si_code, trapno,
	       last.si_addr, trap_ip == (uint64_t)after_int3);
	__asm__ volatile(".byte 0xcd, 3" ::: "memory");
	printf("int $3: %d code %d trap %lu\n", traps, last.si_code, trapno);
}

int main(void)
{
	static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
	static char buffer[1 << 16], stack_space[1 << 16];
	struct sigaction action = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	stack_t stack = {.ss_sp = stack_space, .ss_size = sizeof(stack_space)};
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	sigaltstack(&stack, NULL);
	for (int i = 0; i < 4; i++)
		sigaction(signals[i], &action, NULL);
	instructions();
	memory();
	floating();
	traps_behind();
	/* a fault that is blocked ends the program whatever the handler */
	fflush(stdout);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGSEGV);
	sigprocmask(SIG_BLOCK, &set, NULL);
	int *volatile nowhere = NULL;
	/* cppcheck-suppress nullPointer */
	*nowhere = 1;
	return 0;
}
