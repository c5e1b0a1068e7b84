/*
 * SGDT, SIDT, SMSW, SLDT and STR where CR4.UMIP forbids them: every form of operand goes on with
 * values that tell nothing.
 */
#include "show.h"

#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { CODE_32 = 0x23, FILL = 0xa5 };

/* What each instruction wrote: low in memory, so that 32-bit code and short addresses reach it. */
static uint8_t *low, *to;
static sigjmp_buf again;

static void caught(int signal, siginfo_t *info, void *context)
{
	const greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
	printf("signal %d, code %d, address %s, trap %lld, error %llx\n", signal, info->si_code,
	       info->si_addr == to ? "as given" : "other", regs[REG_TRAPNO], regs[REG_ERR]);
	siglongjmp(again, 1);
}

static void show_bytes(void)
{
	for (int i = 0; i < 12; i++)
		printf("%02x", to[i]);
	printf("\n");
	memset(to, FILL, 12);
}

/* 64-bit code that reaches `to` in one way or another: rbx = to, rcx = 8. */
#define MEMORY(text, instruction)                                                                  \
	do {                                                                                       \
		printf("%s: ", text);                                                              \
		if (!sigsetjmp(again, 1)) {                                                        \
			__asm__ volatile(instruction                                               \
					 :                                                         \
					 : "b"(to), "c"(8l)                                        \
					 : "rax", "rdx", "rsi", "r8", "r12", "r13", "r14",         \
					   "memory");                                              \
			show_bytes();                                                              \
		}                                                                                  \
	} while (0)

#define REGISTER(text, instruction)                                                                \
	do {                                                                                       \
		uint64_t value = 0xa5a5a5a5a5a5a5a5;                                               \
		__asm__ volatile(instruction : "+a"(value));                                       \
		printf("%s: %lx\n", text, value);                                                  \
	} while (0)

unsigned long fs_base;

static void operands(void)
{
	MEMORY("sgdt (rbx)", "sgdt (%%rbx)");
	MEMORY("sidt (rbx)", "sidt (%%rbx)");
	MEMORY("smsw (rbx)", "smsw (%%rbx)");
	MEMORY("sldt (rbx)", "sldt (%%rbx)");
	MEMORY("str (rbx)", "str (%%rbx)");
	MEMORY("disp8", "lea -4(%%rbx), %%rax; sgdt 4(%%rax)");
	MEMORY("negative disp8", "lea 100(%%rbx), %%rax; sgdt -100(%%rax)");
	MEMORY("disp32", "lea -0x1000(%%rbx), %%rax; sgdt 0x1000(%%rax)");
	MEMORY("base and index", "lea -64(%%rbx), %%rax; sgdt (%%rax,%%rcx,8)");
	MEMORY("index alone", "mov %%rbx, %%rax; shr $2, %%rax; sgdt 0(,%%rax,4)");
	MEMORY("absolute", "mov %%rbx, %%r12; sgdt (%%r12)");
	MEMORY("r13", "mov %%rbx, %%r13; sidt (%%r13)");
	MEMORY("r8 and r14", "lea -16(%%rbx), %%r8; mov %%rcx, %%r14; sidt (%%r8,%%r14,2)");
	MEMORY("32-bit address", "mov $0xf, %%eax; shl $60, %%rax; or %%rbx, %%rax; sgdt (%%eax)");
	MEMORY("rbp", "push %%rbp; mov %%rbx, %%rbp; smsw (%%rbp); pop %%rbp");
	/* FS is thread-local storage's: its base is the distance */
	syscall(SYS_arch_prctl, 0x1003, &fs_base);
	MEMORY("FS", "mov %%rbx, %%rdx; sub fs_base(%%rip), %%rdx; smsw %%fs:(%%rdx)");
	MEMORY("REX and 66", ".byte 0x66, 0x48, 0x0f, 0x01, 0x23"); /* smsw (%rbx) */
	REGISTER("smsw eax", "smsw %%eax");
	REGISTER("smsw ax", "smsw %%ax");
	REGISTER("smsw rax", "smsw %%rax");
	REGISTER("sldt eax", "sldt %%eax");
	REGISTER("str rax", "str %%rax");
	REGISTER("smsw r9d", "mov %%rax, %%r9; smsw %%r9d; mov %%r9, %%rax");
}

static void rip_relative(void)
{
	static uint8_t here[16];
	uint8_t *before = to;
	to = here;
	__asm__ volatile("sgdt %0" : "=m"(here));
	printf("rip-relative: ");
	show_bytes();
	to = before;
}

static void refused(void)
{
	uint8_t *before = to;
	to = NULL;
	MEMORY("null", "sgdt (%%rbx)");
	to = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	MEMORY("read-only", "sidt (%%rbx)");
	to = (uint8_t *)0x7ffffffff000;
	MEMORY("at the end of ring 3", "smsw (%%rbx)");
	to = before;
	MEMORY("sgdt to a register", ".byte 0x0f, 0x01, 0xc0 + 7");
	MEMORY("verr of nothing, which is allowed", "verr %%cx");
	MEMORY("ltr", "ltr %%cx");
	MEMORY("lmsw", "lmsw %%cx");
}

/* 32-bit code at low, which jumps back; rbx = to, rsi = 0. */
static void code_32(const char *text, const void *instruction, size_t n)
{
	static struct {
		uint32_t offset;
		uint16_t selector;
	} __attribute__((packed)) target = {0, CODE_32};
	extern char back[];
	uint32_t address = (uint32_t)(uintptr_t)back;
	uint16_t code_64 = 0x33;
	uint8_t *code = low + 256;
	target.offset = (uint32_t)(uintptr_t)code;
	memcpy(code, instruction, n);
	code[n] = 0xea; /* far jump */
	memcpy(code + n + 1, &address, 4);
	memcpy(code + n + 5, &code_64, 2);
	printf("32-bit code, %s: ", text);
	if (sigsetjmp(again, 1))
		return;
	__asm__ volatile("mov %%rsp, %%r15\n\t"
			 "mov %3, %%ds\n\t"
			 "ljmp *%0\n"
			 ".globl back\nback:\n\t"
			 "mov %%r15, %%rsp\n\t"
			 "mov %4, %%ds"
			 :
			 : "m"(target), "b"(to), "S"(0l), "r"(0x2b), "r"(0)
			 : "rax", "rcx", "rdx", "rdi", "r15", "memory");
	show_bytes();
}

int main(void)
{
	struct sigaction action = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO};
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGILL, &action, NULL);
	low = mmap(NULL, 8192, PROT_READ | PROT_WRITE | PROT_EXEC,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	to = low + 4096;
	memset(to, FILL, 12);
	operands();
	rip_relative();
	refused();
	code_32("sgdt (ebx)", "\x0f\x01\x03", 3);
	code_32("sidt (ebx)", "\x0f\x01\x0b", 3);
	code_32("str (ebx)", "\x0f\x00\x0b", 3);
	code_32("sidt -4(ebx,esi,4)+4", "\x0f\x01\x4c\xb3\x00", 5);
	code_32("sgdt (bx), 16-bit address", "\x67\x0f\x01\x07", 4);
	return 0;
}
