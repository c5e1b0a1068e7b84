/*
 * Signal frames: all registers and the FPU's are in them, what a handler changes there comes back,
 * and lies are found out.
 */
#include "show.h"

#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <ucontext.h>

#define MAGIC1 0x46505853u
#define MAGIC2 0x46505845u

static void on(int signal, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
	sigaction(signal, &action, NULL);
}

/* ---- what a frame holds ---- */

static uint64_t seen[23];

static void look(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	(void)signal;
	(void)info;
	memcpy(seen, uc->uc_mcontext.gregs, sizeof(seen));
	/* each comes back with one more */
	for (int i = REG_R8; i <= REG_RCX; i++)
		if (i != REG_RSP)
			uc->uc_mcontext.gregs[i]++;
	uc->uc_mcontext.gregs[REG_EFL] ^= 0x8c5; /* OF SF ZF PF CF */
}

/* UD2 with every register set; afterwards they are in `after`. The handler steps over it. */
static void skip(int signal, siginfo_t *info, void *context)
{
	look(signal, info, context);
	((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 2;
}

uint64_t after[16];

static void registers(void)
{
	on(SIGILL, skip, 0);
	__asm__ volatile("push %%rbp; push %%rbx\n"
			 "movq $8, %%r8; movq $9, %%r9; movq $10, %%r10; movq $11, %%r11\n"
			 "movq $12, %%r12; movq $13, %%r13; movq $14, %%r14; movq $15, %%r15\n"
			 "movq $1, %%rax; movq $2, %%rbx; movq $3, %%rcx; movq $4, %%rdx\n"
			 "movq $5, %%rsi; movq $6, %%rdi; movq $7, %%rbp; pushq $0x203; popfq\n"
			 "ud2\n"
			 "pushfq; popq after+120(%%rip)\n"
			 "movq %%r8, after(%%rip); movq %%r9, after+8(%%rip)\n"
			 "movq %%r10, after+16(%%rip); movq %%r11, after+24(%%rip)\n"
			 "movq %%r12, after+32(%%rip); movq %%r13, after+40(%%rip)\n"
			 "movq %%r14, after+48(%%rip); movq %%r15, after+56(%%rip)\n"
			 "movq %%rdi, after+64(%%rip); movq %%rsi, after+72(%%rip)\n"
			 "movq %%rbp, after+80(%%rip); movq %%rbx, after+88(%%rip)\n"
			 "movq %%rdx, after+96(%%rip); movq %%rax, after+104(%%rip)\n"
			 "movq %%rcx, after+112(%%rip)\n"
			 "pop %%rbx; pop %%rbp\n"
			 :
			 :
			 : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12",
			   "r13", "r14", "r15", "memory", "cc");
	printf("in the frame:");
	for (int i = REG_R8; i <= REG_RCX; i++)
		printf(" %lu", seen[i]);
	printf(" flags %lx cs %lx ss %lx\n", seen[REG_EFL] & ~0x10000ul,
	       /* RF: not on every CPU */ seen[REG_CSGSFS] & 0xffff, seen[REG_CSGSFS] >> 48);
	printf("after:");
	for (int i = 0; i < 15; i++)
		printf(" %lu", after[i]);
	printf(" flags %lx\n", after[15]);
}

/* ---- FPU state ---- */

static unsigned handler_mxcsr, frame_mxcsr;
static unsigned short handler_control;

static void floats(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	struct _libc_fpstate *fp = (void *)uc->uc_mcontext.fpregs;
	unsigned *words = (unsigned *)fp;
	unsigned extended = words[464 / 4 + 1], size = words[464 / 4 + 4];
	(void)signal;
	(void)info;
	__asm__ volatile("stmxcsr %0; fnstcw %1" : "=m"(handler_mxcsr), "=m"(handler_control));
	memcpy(&frame_mxcsr, (char *)fp + 24, 4);
	printf("flags %ld, magic %d %d, sizes agree %d, aligned %d, features hold x87 and SSE %d\n",
	       uc->uc_flags & ~1ul, words[464 / 4] == MAGIC1,
	       *(unsigned *)((char *)fp + size) == MAGIC2, extended == size + 4,
	       (uintptr_t)fp % 64 == 0, (words[464 / 4 + 2] & 3) == 3);
	/* xmm3's low word, and the rounding mode of MXCSR */
	/* cppcheck-suppress invalidPointerCast */
	((float *)((char *)fp + 160 + 3 * 16))[0] = 7.5f;
	*(unsigned *)((char *)fp + 24) |= 0x6000;
	/* spoil what the handler has itself */
	__asm__ volatile("pxor %%xmm3, %%xmm3; pxor %%xmm4, %%xmm4; fninit; fldpi" ::
			     : "xmm3", "xmm4");
}

static void floating(void)
{
	float three = 3, four = 4, results[2];
	unsigned mxcsr = 0x1f80 | 0x8000, plain = 0x1f80; /* flush to zero */
	unsigned short control = 0x27f, now;
	double top;
	on(SIGUSR1, floats, 0);
	long pid = getpid();
	__asm__ volatile("fninit; fldcw %[control]; fldl2e; ldmxcsr %[mxcsr]\n"
			 "movss %[three], %%xmm3; movss %[four], %%xmm4\n"
			 "mov $62, %%eax; mov %[pid], %%rdi; mov $10, %%esi; syscall\n"
			 "movss %%xmm3, %[r0]; movss %%xmm4, %[r1]; stmxcsr %[mxcsr]\n"
			 "fnstcw %[now]; fstpl %[top]; fninit; ldmxcsr %[plain]"
			 : [mxcsr] "+m"(mxcsr), [r0] "=m"(results[0]), [r1] "=m"(results[1]),
			   [now] "=m"(now), [top] "=m"(top)
			 : [control] "m"(control), [three] "m"(three), [four] "m"(four),
			   [pid] "r"(pid), [plain] "m"(plain)
			 : "rax", "rcx", "rdi", "rsi", "r11", "xmm3", "xmm4", "memory", "st");
	printf("handler began with mxcsr %x control %x, frame had %x\n", handler_mxcsr,
	       handler_control, frame_mxcsr);
	printf("after: %g %g mxcsr %x control %x top %.6f\n", results[0], results[1], mxcsr, now,
	       top);
}

/* ---- each flag, and the upper halves of YMM ---- */

static uint64_t turned;

static void turn(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL] ^= turned;
}

/* RFLAGS right after a signal whose handler has turned one over; no other code runs with it. */
static uint64_t flags_after(long pid)
{
	uint64_t flags;
	__asm__ volatile(
	    "pushq $0x202; popfq; mov $62, %%eax; mov %1, %%rdi; mov $10, %%esi; syscall\n"
	    "pushfq; popq %0; pushq $0x202; popfq"
	    : "=&r"(flags)
	    : "r"(pid)
	    : "rax", "rcx", "rdi", "rsi", "r11", "memory", "cc");
	return flags;
}

static void each_flag(void)
{
	on(SIGUSR1, turn, 0);
	for (int bit = 0; bit < 64; bit++) {
		if (bit == 8 || bit == 17) /* TF is step.c's, VM is no flag of 64-bit code */
			continue;
		turned = 1ul << bit;
		printf("bit %d turned over: %lx\n", bit, flags_after(getpid()) & ~0x10000ul);
	}
}

enum { AS_IT_IS, NO_FIRST, NO_SECOND, LIES };
static int lie;

static void spoil(int signal, siginfo_t *info, void *context)
{
	unsigned *fp = (unsigned *)((ucontext_t *)context)->uc_mcontext.fpregs;
	(void)signal;
	(void)info;
	if (lie == NO_FIRST)
		fp[464 / 4] = 0;
	if (lie == NO_SECOND)
		*(unsigned *)((char *)fp + fp[464 / 4 + 4]) = MAGIC1;
}

/* A frame that is not whole gives back what FXSAVE holds; the upper halves start anew. */
__attribute__((target("avx"))) static void upper_halves(void)
{
	static const char *const all[] = {"as it is", "no first magic", "another second magic"};
	static const uint64_t pattern[4] = {1, 2, 3, 4};
	uint64_t now[4];
	on(SIGUSR1, spoil, 0);
	for (lie = AS_IT_IS; lie < LIES; lie++) {
		__asm__ volatile("vmovdqu %1, %%ymm5\n"
				 "mov $62, %%eax; mov %2, %%rdi; mov $10, %%esi; syscall\n"
				 "vmovdqu %%ymm5, %0; vzeroupper"
				 : "=m"(now)
				 : "m"(pattern), "r"((long)getpid())
				 : "rax", "rcx", "rdi", "rsi", "r11", "xmm5", "memory");
		printf("%s: ymm5 %lu %lu %lu %lu\n", all[lie], now[0], now[1], now[2], now[3]);
	}
}

/* ---- forged frames ---- */

static sigjmp_buf again;
static siginfo_t last;
static volatile int forgery;

static void caught(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	last = *info;
	siglongjmp(again, 1);
}

enum {
	CS_KERNEL,
	CS_DATA,
	CS_NULL,
	CS_FAR,
	SS_KERNEL,
	SS_NULL,
	SS_CODE,
	RIP_NOT_CANONICAL,
	RIP_KERNEL,
	RIP_LAST,
	RIP_HOLE,
	FLAGS_ALL,
	FP_KERNEL,
	FP_NOT_CANONICAL,
	FP_UNALIGNED,
	FP_UNMAPPED,
	FP_MXCSR,
	FP_FEATURES,
	FP_COMPACT,
	FP_RESERVED,
	FP_MAGIC1,
	FP_MAGIC2,
	FP_SIZE,
	FP_HUGE,
	FP_NONE,
	RSP_KERNEL,
	FORGERIES
};

static const char *const names[] = {
    "cs 0x10",
    "cs is data",
    "cs null",
    "cs beyond the tables",
    "ss 0x18",
    "ss null",
    "ss is code",
    "rip not canonical",
    "rip in the kernel",
    "rip at the end of ring 3",
    "rip in a hole",
    "all flags",
    "fpstate in the kernel",
    "fpstate not canonical",
    "fpstate not aligned",
    "fpstate not mapped",
    "reserved bits of mxcsr",
    "unknown features",
    "compacted format",
    "reserved bytes of the header",
    "no first magic",
    "no second magic",
    "size too small",
    "size too large",
    "no fpstate",
    "rsp in the kernel",
};

static void forge(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	greg_t *regs = uc->uc_mcontext.gregs;
	unsigned *fp = (unsigned *)uc->uc_mcontext.fpregs;
	uint16_t *segments = (uint16_t *)&regs[REG_CSGSFS]; /* cs, gs, fs, ss */
	(void)signal;
	(void)info;
	switch (forgery) {
	case CS_KERNEL:
		segments[0] = 0x10;
		break;
	case CS_DATA:
		segments[0] = 0x2b;
		break;
	case CS_NULL:
		segments[0] = 0;
		break;
	case CS_FAR:
		segments[0] = 0xfff8;
		break;
	case SS_KERNEL:
		segments[3] = 0x18;
		break;
	case SS_NULL:
		segments[3] = 0;
		break;
	case SS_CODE:
		segments[3] = 0x33;
		break;
	case RIP_NOT_CANONICAL:
		regs[REG_RIP] = 0x800000000000;
		break;
	case RIP_KERNEL:
		regs[REG_RIP] = 0xffffffff81000000;
		break;
	case RIP_LAST:
		regs[REG_RIP] = 0x7ffffffff000;
		break;
	case RIP_HOLE:
		regs[REG_RIP] = 0x1000;
		break;
	case FLAGS_ALL:
		regs[REG_EFL] |= 0x3a7000;
		break; /* IOPL NT RF VM (no AC) VIF VIP ID */
	case FP_KERNEL:
		uc->uc_mcontext.fpregs = (void *)0xffffffff81000000;
		break;
	case FP_NOT_CANONICAL:
		uc->uc_mcontext.fpregs = (void *)0x800000000000;
		break;
	case FP_UNALIGNED:
		uc->uc_mcontext.fpregs = (void *)((char *)fp + 8);
		break;
	case FP_UNMAPPED:
		uc->uc_mcontext.fpregs = (void *)0x1000;
		break;
	case FP_MXCSR:
		fp[6] |= 0xffff0000;
		break;
	case FP_FEATURES:
		fp[512 / 4 + 1] |= 0x40000000;
		break;
	case FP_COMPACT:
		fp[512 / 4 + 3] |= 0x80000000;
		break;
	case FP_RESERVED:
		fp[512 / 4 + 6] = 1;
		break;
	case FP_MAGIC1:
		fp[464 / 4] = 0;
		break;
	case FP_MAGIC2:
		*(unsigned *)((char *)fp + fp[464 / 4 + 4]) = 0;
		break;
	case FP_SIZE:
		fp[464 / 4 + 4] = 100;
		break;
	case FP_HUGE:
		fp[464 / 4 + 4] = 0x7fffffff;
		break;
	case FP_NONE:
		uc->uc_mcontext.fpregs = NULL;
		break;
	case RSP_KERNEL:
		regs[REG_RSP] = 0xffff888000000000;
		break;
	}
}

static void forgeries(void)
{
	static char space[65536];
	stack_t stack = {.ss_sp = space, .ss_size = sizeof(space)};
	sigaltstack(&stack, NULL);
	on(SIGUSR1, forge, 0);
	on(SIGSEGV, caught, SA_ONSTACK);
	on(SIGBUS, caught, SA_ONSTACK);
	on(SIGILL, caught, SA_ONSTACK);
	for (forgery = 0; forgery < FORGERIES; forgery++) {
		/*
		 * TCG does not look at reserved bits of MXCSR and XSAVE's header, nor at the
		 * compacted format
		 */
		if (forgery == FP_MXCSR || forgery == FP_RESERVED || forgery == FP_COMPACT)
			continue;
		/* some of AMD's CPUs take it, all others refuse it */
		if (forgery == FP_UNALIGNED)
			continue;
		if (!sigsetjmp(again, 1)) {
			raise(SIGUSR1);
			uint64_t flags;
			__asm__ volatile("pushfq; popq %0" : "=r"(flags));
			printf("%s: passed, flags %lx\n", names[forgery], flags & ~0x8d5ul);
		} else {
			printf("%s: signal %d code %d\n", names[forgery], last.si_signo,
			       last.si_code);
		}
	}
}

/* ---- a frame without a handler: rt_sigreturn from nowhere ---- */

static void bare(void)
{
	static char zeros[4096];
	if (!sigsetjmp(again, 1))
		__asm__ volatile("mov $15, %%eax; mov %0, %%rsp; syscall"
				 :
				 : "r"(zeros + 2048)
				 : "rax");
	printf("sigreturn to zeros: signal %d code %d\n", last.si_signo, last.si_code);
	if (!sigsetjmp(again, 1))
		__asm__ volatile("mov $15, %%eax; mov $0x800000000000, %%rsp; syscall" ::: "rax");
	printf("sigreturn without a stack: signal %d code %d\n", last.si_signo, last.si_code);
}

int main(void)
{
	static char buffer[1 << 16];
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	registers();
	floating();
	each_flag();
	if (__builtin_cpu_supports("avx"))
		upper_halves();
	forgeries();
	bare();
	return 0;
}
