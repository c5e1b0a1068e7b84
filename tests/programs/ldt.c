/*
 * modify_ldt: descriptors of the program's own, segment registers with them, 16-bit and 32-bit
 * code.
 */
#include "show.h"

#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

/* Linux' <asm/ldt.h> is not there for musl. */
struct user_desc {
	unsigned entry_number, base_addr, limit;
	unsigned seg_32bit : 1, contents : 2, read_exec_only : 1, limit_in_pages : 1;
	unsigned seg_not_present : 1, useable : 1, lm : 1;
};

static sigjmp_buf again;
static int caught_signal;

static void caught(int signal)
{
	caught_signal = signal;
	siglongjmp(again, 1);
}

static int modify(int function, void *what, unsigned long size)
{
	return syscall(SYS_modify_ldt, function, what, size);
}

static void set(const char *name, struct user_desc desc, int old)
{
	printf("%s: %d\n", name, modify(old ? 1 : 0x11, &desc, sizeof(desc)));
}

static uint64_t ldt[8];

static void show_ldt(void)
{
	memset(ldt, 0xff, sizeof(ldt));
	int size = modify(0, ldt, sizeof(ldt));
	printf("read %d:", size);
	for (int i = 0; i < 8; i++)
		printf(" %lx", ldt[i] & ~0xff0000ffffff0000ul); /* without the base */
	printf("\n");
}

static void refused(void)
{
	struct user_desc desc = {.entry_number = 8192};
	printf("no ldt: %d\n", modify(0, ldt, sizeof(ldt)));
	printf("default: %d\n", modify(2, ldt, sizeof(ldt)));
	printf("function 7: %d\n", modify(7, ldt, sizeof(ldt)));
	printf("size: %d\n", modify(0x11, &desc, 8));
	printf("address: %d\n", modify(0x11, (void *)0x1000, sizeof(desc)));
	set("entry 8192", desc, 0);
	set("conforming code", (struct user_desc){.contents = 3}, 0);
	set("conforming code, old", (struct user_desc){.contents = 3, .seg_not_present = 1}, 1);
}

/* In one piece: without its own FS base no C function works. */
static uint32_t through_fs(unsigned selector)
{
	static uint32_t value;
	static uint64_t base;
	syscall(SYS_arch_prctl, 0x1003, &base);
	if (!sigsetjmp(again, 1))
		__asm__ volatile("mov %1, %%fs; movl %%fs:4, %%ebx\n"
				 "mov $158, %%eax; mov $0x1002, %%edi; mov %2, %%rsi; syscall\n"
				 "mov %%ebx, %0"
				 : "=m"(value)
				 : "r"(selector), "m"(base)
				 : "rax", "rbx", "rcx", "rdi", "rsi", "r11");
	return value;
}

static void segments(void)
{
	uint32_t *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	unsigned selector;
	uint16_t now;
	if (low == MAP_FAILED)
		exit(1);
	low[1] = 0x1234;
	set("data",
	    (struct user_desc){.entry_number = 2,
			       .base_addr = (uintptr_t)low,
			       .limit = 0xfff,
			       .seg_32bit = 1,
			       .useable = 1},
	    0);
	set("read-only",
	    (struct user_desc){.entry_number = 3,
			       .base_addr = (uintptr_t)low,
			       .limit = 0xfff,
			       .seg_32bit = 1,
			       .read_exec_only = 1},
	    0);
	set("not present", (struct user_desc){.entry_number = 4, .seg_not_present = 1, .limit = 5},
	    0);
	set("pages",
	    (struct user_desc){.entry_number = 5,
			       .limit = 0xfffff,
			       .limit_in_pages = 1,
			       .seg_32bit = 1,
			       .useable = 1},
	    1);
	show_ldt();
	printf("through fs: %x\n", through_fs(2 * 8 + 7));
	caught_signal = 0;
	through_fs(4 * 8 + 7);
	printf("not present: signal %d\n", caught_signal);
	caught_signal = 0;
	through_fs(100 * 8 + 7);
	printf("beyond the end: signal %d\n", caught_signal);
	selector = 2 * 8 + 7;
	__asm__ volatile("mov %0, %%es" : : "r"(selector));
	syscall(SYS_sched_yield);
	__asm__ volatile("mov %%es, %0" : "=r"(now));
	printf("es kept: %d\n", now == selector);
	/* the descriptor goes away: so does the selector */
	set("empty",
	    (struct user_desc){.entry_number = 2, .read_exec_only = 1, .seg_not_present = 1}, 0);
	__asm__ volatile("mov %%es, %0" : "=r"(now));
	printf("es: %d\n", now);
	show_ldt();
}

uint64_t kept_rsp;

/*
 * 32-bit code through a segment of the LDT: mov $42, %eax; ljmp $0x33, $back. No far call: TCG
 * trips over SMAP in it.
 */
static void code(void)
{
	unsigned char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	static struct {
		uint32_t offset;
		uint16_t selector;
	} __attribute__((packed)) target = {0, 6 * 8 + 7};
	static const uint16_t cs = 0x33;
	extern char back[];
	uint32_t result, to = (uintptr_t)back;
	memcpy(low, "\xb8\x2a\0\0\0\xea", 6);
	memcpy(low + 6, &to, 4);
	memcpy(low + 10, &cs, 2);
	set("code",
	    (struct user_desc){.entry_number = 6,
			       .base_addr = (uintptr_t)low,
			       .limit = 0xfff,
			       .contents = 2,
			       .seg_32bit = 1},
	    0);
	/* the upper halves of all registers may be gone when it comes back */
	__asm__ volatile("push %%rbx; push %%rbp; mov %%rsp, kept_rsp(%%rip)\n"
			 "ljmp *%1\n.globl back\nback:"
			 "mov kept_rsp(%%rip), %%rsp; pop %%rbp; pop %%rbx"
			 : "=a"(result)
			 : "m"(target)
			 : "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13",
			   "r14", "r15", "memory");
	printf("32-bit code: %u\n", result);
}

int main(void)
{
	signal(SIGSEGV, caught);
	signal(SIGBUS, caught);
	refused();
	segments();
	code();
	return 0;
}
