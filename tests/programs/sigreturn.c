/*
 * What rt_sigreturn takes from a frame and in which order: the signal stack, FPU state that is not
 * all there, RF.
 */
#include "show.h"

#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { PAGE = 4096, RF = 0x10000 };

#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1u << 31)
#endif

static uint8_t stacks[2][65536];
static sigjmp_buf again;

static void on(int signal, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
	sigaction(signal, &action, NULL);
}

/* ---- the signal stack: Linux 6.12 and later set it before the registers ---- */

static void other_stack(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	(void)signal;
	(void)info;
	uc->uc_stack = (stack_t){.ss_sp = stacks[1], .ss_size = sizeof(stacks[1])};
}

static void signal_stack(const char *when, int flags, int stack_flags)
{
	stack_t stack = {.ss_sp = stacks[0], .ss_size = sizeof(stacks[0]), .ss_flags = stack_flags},
		after;
	sigaltstack(&stack, NULL);
	on(SIGUSR1, other_stack, flags);
	raise(SIGUSR1);
	sigaltstack(NULL, &after);
	printf("another signal stack in the frame, %s: %s\n", when,
	       after.ss_sp == stacks[0]	  ? "stays as it was"
	       : after.ss_sp == stacks[1] ? "is set"
					  : "gone");
}

/* ---- FPU state ---- */

static uint8_t *pages; /* two, of which the second can be taken away */
static enum { WHOLE, WRONG_END, NO_END, NO_BODY, LEGACY } state;

static void move_state(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	uint32_t *from = (uint32_t *)uc->uc_mcontext.fpregs;
	uint32_t size = from[464 / 4 + 4]; /* without the second magic word */
	uint8_t *to = pages + PAGE - size / 64 * 64;
	(void)signal;
	(void)info;
	if (state == NO_BODY)
		to += 64;
	if (state == LEGACY)
		to -= 16; /* where FXRSTOR can read it, and XRSTOR could not */
	memcpy(to, from, size + 4);
	if (state == WRONG_END)
		to[size] ^= 1;
	if (state == LEGACY)
		to[464] ^= 1;
	if (state == NO_END || state == NO_BODY)
		mprotect(pages + PAGE, PAGE, PROT_NONE);
	uc->uc_mcontext.fpregs = (void *)to;
}

static void refused(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	(void)signal;
	printf("refused: code %d, RF %s\n", info->si_code,
	       uc->uc_mcontext.gregs[REG_EFL] & RF ? "set" : "clear");
	siglongjmp(again, 1);
}

static void floating(void)
{
	static const char *const names[] = {
	    "all there", "another second magic word", "second magic word not to be read",
	    "body not to be read", "only the legacy part, aligned to 16"};
	pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	on(SIGUSR1, move_state, 0);
	for (state = WHOLE; state <= LEGACY; state++) {
		mprotect(pages, 2 * PAGE, PROT_READ | PROT_WRITE);
		printf("FPU state, %s: ", names[state]);
		fflush(stdout);
		if (sigsetjmp(again, 1))
			continue;
		raise(SIGUSR1);
		puts("taken");
	}
}

/* ---- flags of a frame that IRET refuses ---- */

static int with_rf;

static void bad_cs(int signal, siginfo_t *info, void *context)
{
	greg_t *regs = ((ucontext_t *)context)->uc_mcontext.gregs;
	(void)signal;
	(void)info;
	if (with_rf)
		regs[REG_EFL] |= RF;
	*(uint16_t *)&regs[REG_CSGSFS] = 0xfff8;
}

static void flags(void)
{
	on(SIGUSR1, bad_cs, 0);
	for (with_rf = 0; with_rf < 2; with_rf++) {
		printf("RF %s in a frame with a bad CS: ", with_rf ? "set" : "clear");
		fflush(stdout);
		if (!sigsetjmp(again, 1))
			raise(SIGUSR1);
	}
}

int main(void)
{
	signal_stack("handler not on it", 0, 0);
	signal_stack("handler on it", SA_ONSTACK, 0);
	signal_stack("handler on it, disarmed", SA_ONSTACK, SS_AUTODISARM);
	on(SIGSEGV, refused, 0);
	floating();
	flags();
	return 0;
}
