/*
 * Selectors and what hangs on them: bases of FS and GS, SS under 32-bit code and in signal
 * handlers.
 */
#include "show.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <ucontext.h>

enum { CODE_64 = 0x33, CODE_32 = 0x23, DATA = 0x2b, OWN = 7 /* the first of the LDT */ };
enum { ARCH_SET_GS = 0x1001, ARCH_SET_FS, ARCH_GET_FS, ARCH_GET_GS };

/* Linux' <asm/ldt.h> is not there for musl. */
struct user_desc {
	unsigned entry_number, base_addr, limit;
	unsigned seg_32bit : 1, contents : 2, read_exec_only : 1, limit_in_pages : 1;
	unsigned seg_not_present : 1, useable : 1, lm : 1;
};

/* ---- a base that is set takes its selector with it ---- */

static unsigned gs(void)
{
	uint16_t value;
	__asm__ volatile("mov %%gs, %0" : "=r"(value));
	return value;
}

static void load_gs(unsigned value)
{
	__asm__ volatile("mov %0, %%gs" : : "r"(value) : "memory");
}

static void set_gs(unsigned long to)
{
	unsigned long base = 0;
	load_gs(DATA);
	long result = syscall(SYS_arch_prctl, ARCH_SET_GS, to);
	unsigned selector = gs();
	syscall(SYS_arch_prctl, ARCH_GET_GS, &base);
	show("ARCH_SET_GS", result);
	printf("selector %x, base %lx\n", selector, selector ? 0 : base);
}

/* Both go on without thread-local storage until the base is back. */
static unsigned long own_base;
static uint16_t fs_after, fs_of_child = 0xffff;
static uint8_t child_stack[4096] __attribute__((aligned(16)));

static void set_fs(void)
{
	long result;
	syscall(SYS_arch_prctl, ARCH_GET_FS, &own_base);
	__asm__ volatile("mov %2, %%fs\n\tsyscall\n\tmov %%fs, %1"
			 : "=a"(result), "=m"(fs_after)
			 : "r"(DATA), "0"(SYS_arch_prctl), "D"(ARCH_SET_FS), "S"(own_base)
			 : "rcx", "r11", "memory");
	printf("ARCH_SET_FS: %ld, selector %x\n", result, fs_after);
}

/* The child has a base of its own; the parent keeps the selector that it has loaded. */
static void set_fs_of_child(void)
{
	enum {
		FLAGS =
		    CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM
	};
	register long tls __asm__("r8") = (long)own_base;
	register long none __asm__("r10") = 0;
	long result;
	__asm__ volatile("mov %[data], %%fs\n\t"
			 "syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "mov %%fs, %%eax\n\t"
			 "mov %%ax, %[child]\n\t"
			 "mov $60, %%eax\n\t"
			 "xor %%edi, %%edi\n\t"
			 "syscall\n\t"
			 "1: mov %%fs, %[parent]\n\t"
			 "mov $158, %%eax\n\t"
			 "mov $0x1002, %%edi\n\t"
			 "mov %[base], %%rsi\n\t"
			 "syscall"
			 : "=a"(result), [parent] "=m"(fs_after), [child] "+m"(fs_of_child)
			 : [data] "b"(DATA), [base] "m"(own_base), "0"(SYS_clone),
			   "D"(FLAGS | CLONE_SETTLS), "S"(child_stack + sizeof(child_stack)),
			   "d"(0), "r"(none), "r"(tls)
			 : "rcx", "r11", "memory");
	for (int i = 0; *(volatile uint16_t *)&fs_of_child == 0xffff && i < 1000; i++)
		usleep(1000);
	printf("CLONE_SETTLS: selector %x, of the child %x\n", fs_after, fs_of_child);
}

/* ---- 32-bit code on the stack segment that the way out has left ---- */

static uint8_t *low; /* code and data that 32-bit code can reach */

/* 64-bit code jumps to 32-bit code, which pushes and pops, and back. */
__attribute__((noinline)) static uint32_t push_and_pop(void)
{
	static struct {
		uint32_t offset;
		uint16_t selector;
	} __attribute__((packed)) target = {0, CODE_32};
	extern char pushes[];
	uint32_t popped;
	target.offset = (uint32_t)(uintptr_t)pushes;
	__asm__ volatile("mov %%rsp, %%r15\n\t"
			 "mov %1, %%rsp\n\t"
			 "ljmp *%2\n\t"
			 ".code32\n\t"
			 ".globl pushes\n"
			 "pushes: pushl $0x1234567\n\t"
			 "popl %%eax\n\t"
			 "ljmp $0x33, $1f\n\t"
			 ".code64\n"
			 "1: mov %%r15, %%rsp"
			 : "=&a"(popped)
			 : "r"(low + 2048), "m"(target)
			 : "r15", "memory");
	return popped;
}

static volatile int stop;

static void *spin(void *nothing)
{
	while (!stop)
		;
	return nothing;
}

static void nothing(int signal)
{
	(void)signal;
}

static void code_32(void)
{
	pthread_t thread;
	unsigned wrong = 0;
	printf("at first: %x\n", push_and_pop());
	syscall(SYS_getppid);
	printf("after a system call: %x\n", push_and_pop());
	signal(SIGUSR1, nothing);
	raise(SIGUSR1);
	printf("after a signal: %x\n", push_and_pop());
	char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*(volatile char *)page = 1;
	printf("after a page fault: %x\n", push_and_pop());
	fflush(stdout); /* the next may end it */
	pthread_create(&thread, NULL, spin, NULL);
	for (int i = 0; i < 200; i++) {
		struct timespec wait = {0, 2000};
		nanosleep(&wait, NULL);
		wrong += push_and_pop() != 0x1234567;
	}
	stop = 1;
	pthread_join(thread, NULL);
	printf("beside another thread: %u of 200 wrong\n", wrong);
}

/* ---- SS in signal handlers ---- */

static volatile uint16_t ss_of_handler;
static volatile unsigned long flags_of_frame;

static void own_segment(int present)
{
	struct user_desc desc = {.entry_number = OWN / 8,
				 .limit = 0xfffff,
				 .seg_32bit = 1,
				 .limit_in_pages = 1,
				 .useable = 1,
				 .seg_not_present = !present};
	show(present ? "modify_ldt, present" : "modify_ldt, not present",
	     syscall(SYS_modify_ldt, 0x11, &desc, sizeof(desc)));
}

static void look(int signal, siginfo_t *info, void *context)
{
	uint16_t ss;
	(void)signal;
	(void)info;
	__asm__ volatile("mov %%ss, %0" : "=r"(ss));
	ss_of_handler = ss;
	flags_of_frame = ((ucontext_t *)context)->uc_flags;
}

/*
 * Takes the stack segment away and goes back to 64-bit code: CS and RIP change in the frame, SS
 * does not.
 */
static void to_64(int signal, siginfo_t *info, void *context)
{
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
	extern char back_in_64[];
	look(signal, info, context);
	/* a system call does so itself, but not with FRED */
	__asm__ volatile("mov %0, %%ss" : : "r"(DATA));
	own_segment(0);
	*(uint16_t *)&regs[REG_CSGSFS] = CODE_64;
	regs[REG_RIP] = (greg_t)(uintptr_t)back_in_64;
}

static void on(int signal, void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	sigaction(signal, &action, NULL);
}

static void handlers_64(void)
{
	uint16_t after;
	on(SIGUSR1, look);
	__asm__ volatile("mov %0, %%ss\n\tsyscall\n\tmov %1, %%ss"
			 :
			 : "r"(OWN), "r"(DATA), "a"(SYS_tkill), "D"(syscall(SYS_gettid)),
			   "S"(SIGUSR1)
			 : "rcx", "r11", "memory");
	printf("after SYSCALL: handler SS %x, flags %lx\n", ss_of_handler, flags_of_frame);
	on(SIGTRAP, look);
	__asm__ volatile("mov %1, %%ss\n\tint3\n\tmov %%ss, %0\n\tmov %2, %%ss"
			 : "=r"(after)
			 : "r"(OWN), "r"(DATA)
			 : "memory");
	printf("at INT3: handler SS %x, after it %x, flags %lx\n", ss_of_handler, after,
	       flags_of_frame);
}

static void handlers_32(void)
{
	static uint8_t space[65536];
	static struct {
		uint32_t offset;
		uint16_t selector;
	} __attribute__((packed)) target = {0, CODE_32};
	stack_t stack = {.ss_sp = space, .ss_size = sizeof(space)};
	extern char traps[];
	uint16_t ss;
	sigaltstack(&stack, NULL);
	on(SIGTRAP, to_64);
	target.offset = (uint32_t)(uintptr_t)traps;
	__asm__ volatile("mov %%rsp, %%r15\n\t"
			 "mov %2, %%rsp\n\t"
			 "mov %3, %%ss\n\t"
			 "ljmp *%1\n\t"
			 ".code32\n\t"
			 ".globl traps, back_in_64\n"
			 "traps: int3\n\t"
			 ".code64\n"
			 "back_in_64: mov %%r15, %%rsp\n\t"
			 "mov %%ss, %0"
			 : "=r"(ss)
			 : "m"(target), "r"(low + 2048), "r"(OWN)
			 : "r15", "memory");
	printf("in 32-bit code: handler SS %x, flags %lx; only CS changed in the frame: SS %x\n",
	       ss_of_handler, flags_of_frame, ss);
}

int main(void)
{
	low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1,
		   0);
	low[0] = 1;
	set_gs(0x12345678);
	set_gs(0);
	set_gs(0xffff800000000000);
	load_gs(0);
	set_fs();
	set_fs_of_child();
	own_segment(1);
	handlers_64();
	handlers_32();
	code_32();
	return 0;
}
