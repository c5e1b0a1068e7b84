/* Single steps by the trap flag: over ordinary code, over SYSCALL, into and out of handlers. */
#include "show.h"

#include <signal.h>
#include <stdint.h>
#include <ucontext.h>

#define TF 0x100

static uint64_t steps[64];
static int count, code, wrong;

static void step(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	uint64_t flags;
	__asm__ volatile("pushfq; popq %0" : "=r"(flags));
	(void)signal;
	code = info->si_code;
	wrong += (uint64_t)info->si_addr != (uint64_t)uc->uc_mcontext.gregs[REG_RIP];
	wrong += (flags & TF) != 0; /* a handler does not step */
	wrong += !(uc->uc_mcontext.gregs[REG_EFL] & TF);
	if (count < 64)
		steps[count++] = uc->uc_mcontext.gregs[REG_RIP];
}

static void report(const char *what, char *start)
{
	printf("%s: %d steps, code %d, wrong %d:", what, count, code, wrong);
	for (int i = 0; i < count; i++)
		printf(" %ld", (long)(steps[i] - (uint64_t)start));
	printf("\n");
	count = 0;
}

static void note(int signal)
{
	(void)signal;
}

#define STEPPED(name, text, ...)                                                                   \
	do {                                                                                       \
		extern char start_##name[];                                                        \
		__asm__ volatile("pushfq; orl $0x100, (%%rsp); popfq\n.globl start_" #name         \
				 "\nstart_" #name ": " text                                        \
				 "\npushfq; andl $~0x100, (%%rsp); popfq" ::__VA_ARGS__);          \
		report(#name, start_##name);                                                       \
	} while (0)

int main(void)
{
	struct sigaction action = {.sa_sigaction = step, .sa_flags = SA_SIGINFO};
	sigaction(SIGTRAP, &action, NULL);
	signal(SIGUSR1, note);
	STEPPED(plain, "nop; xor %%eax, %%eax; push %%rax; pop %%rax", : "rax");
	STEPPED(getppid, "mov $110, %%eax; syscall; nop; nop", : "rax", "rcx", "r11");
	STEPPED(signal,
		"mov $39, %%eax; syscall; mov %%eax, %%edi; mov $10, %%esi; mov $62, %%eax; "
		"syscall; nop; nop",
		: "rax", "rcx", "rdi", "rsi", "r11");
	STEPPED(unknown, "mov $-1, %%eax; syscall; nop; nop", : "rax", "rcx", "r11");
	STEPPED(branch, "jmp 1f; nop; 1: call 2f; jmp 3f; 2: ret; 3: nop", :);
	printf("%d\n", wrong);
	return 0;
}
