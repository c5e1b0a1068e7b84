/* Sending, blocking, waiting for and handling signals, without faults. */
#include "show.h"

#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

static volatile int count;
static char trace[200];

static void note(int signal, siginfo_t *info, void *context)
{
	(void)context;
	char text[40];
	sprintf(text, "%d(%d,%d) ", signal < 34 ? signal : signal - SIGRTMIN + 100, info->si_code,
		info->si_code == SI_QUEUE ? info->si_value.sival_int : 0);
	strcat(trace, text);
	count++;
}

static void show_trace(const char *what)
{
	printf("%s: %s\n", what, trace);
	trace[0] = 0;
}

static void handle(int signal, int flags)
{
	struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO | flags};
	sigaction(signal, &action, NULL);
}

static sigset_t set_of(int signal)
{
	sigset_t set;
	sigemptyset(&set);
	if (signal)
		sigaddset(&set, signal);
	return set;
}

static void block(int how, int signal)
{
	sigset_t set = set_of(signal);
	sigprocmask(how, &set, NULL);
}

static void sending(void)
{
	handle(SIGUSR1, 0);
	SHOW(kill(getpid(), SIGUSR1));
	show_trace("kill");
	SHOW(kill(0, 0));
	SHOW(kill(getpid(), 65));
	SHOW(kill(getpid(), -1));
	SHOW(kill(2000000, 0));
	SHOW(syscall(SYS_tkill, syscall(SYS_gettid), SIGUSR1));
	show_trace("tkill");
	SHOW(syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR1));
	SHOW(syscall(SYS_tgkill, getpid(), 2000000, SIGUSR1));
	SHOW(syscall(SYS_tgkill, 2000000, syscall(SYS_gettid), SIGUSR1));
	SHOW(syscall(SYS_tgkill, -1, 1, SIGUSR1));
	SHOW(syscall(SYS_tkill, -1, SIGUSR1));
	SHOW(syscall(SYS_tkill, 0, SIGUSR1));
	show_trace("tgkill");
	SHOW(raise(SIGUSR1));
	show_trace("raise");
	SHOW(sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 42}));
	show_trace("sigqueue");
}

static void actions(void)
{
	struct sigaction old, ignore = {.sa_handler = SIG_IGN};
	SHOW(sigaction(SIGKILL, &ignore, NULL));
	SHOW(sigaction(SIGSTOP, &ignore, NULL));
	SHOW(sigaction(SIGKILL, NULL, &old));
	SHOW(sigaction(0, NULL, &old));
	SHOW(sigaction(65, NULL, &old));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, &old, 4));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, (void *)1, NULL, 8));
	SHOW(sigaction(SIGUSR1, NULL, &old));
	SHOW(old.sa_sigaction == note);
	SHOW((old.sa_flags & (SA_SIGINFO | SA_NODEFER | SA_RESETHAND)) == SA_SIGINFO);
	handle(SIGUSR2, SA_RESETHAND);
	raise(SIGUSR2);
	sigaction(SIGUSR2, NULL, &old);
	SHOW(old.sa_handler == SIG_DFL);
	show_trace("once");
	sigaction(SIGUSR2, &ignore, NULL);
	SHOW(raise(SIGUSR2));
	SHOW(raise(SIGCHLD)); /* ignored by default */
	SHOW(raise(SIGURG));
	SHOW(raise(SIGWINCH));
	SHOW(raise(SIGCONT));
}

static void masks(void)
{
	sigset_t set, old;
	unsigned long bits = 0;
	block(SIG_BLOCK, SIGUSR1);
	raise(SIGUSR1);
	raise(SIGUSR1); /* a standard signal is pending once */
	handle(SIGRTMIN + 1, 0);
	handle(SIGRTMIN + 2, 0);
	block(SIG_BLOCK, SIGRTMIN + 1);
	block(SIG_BLOCK, SIGRTMIN + 2);
	for (int i = 0; i < 3; i++) {
		sigqueue(getpid(), SIGRTMIN + 2, (union sigval){.sival_int = 10 + i});
		sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = i});
	}
	sigpending(&set);
	printf("pending: %d %d %d %d\n", sigismember(&set, SIGUSR1),
	       sigismember(&set, SIGRTMIN + 1), sigismember(&set, SIGRTMIN + 2),
	       sigismember(&set, SIGUSR2));
	show_trace("blocked");
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, &old);
	show_trace("unblocked, all at once");
	printf("old mask: %d %d\n", sigismember(&old, SIGUSR1), sigismember(&old, SIGUSR2));
	sigfillset(&set);
	SHOW(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &(unsigned long){~0ul}, NULL, 8));
	SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &bits, 8));
	printf("everything but SIGKILL and SIGSTOP: %lx\n", bits);
	SHOW(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &(unsigned long){0}, NULL, 8));
	SHOW(syscall(SYS_rt_sigprocmask, 77, &bits, NULL, 8));
	SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &bits, NULL, 4));
	SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, (void *)0x1000, NULL, 8));
	SHOW(syscall(SYS_rt_sigprocmask, 77, NULL, NULL, 8));
	SHOW(syscall(SYS_rt_sigpending, &bits, 9));
	SHOW(syscall(SYS_rt_sigpending, (void *)0x1000, 8));
	/* pending, then ignored: gone */
	block(SIG_BLOCK, SIGUSR1);
	raise(SIGUSR1);
	signal(SIGUSR1, SIG_IGN);
	sigpending(&set);
	printf("pending after SIG_IGN: %d\n", sigismember(&set, SIGUSR1));
	block(SIG_UNBLOCK, SIGUSR1);
	/* blocked and ignored by default: kept until it is not blocked */
	block(SIG_BLOCK, SIGCHLD);
	raise(SIGCHLD);
	sigpending(&set);
	printf("pending though ignored: %d\n", sigismember(&set, SIGCHLD));
	handle(SIGCHLD, 0);
	block(SIG_UNBLOCK, SIGCHLD);
	show_trace("SIGCHLD");
}

static int depth, nested;

static void nest(int signal)
{
	sigset_t set;
	sigprocmask(SIG_BLOCK, NULL, &set);
	printf("depth %d: itself %d, other %d\n", depth, sigismember(&set, signal),
	       sigismember(&set, SIGUSR2));
	depth++;
	if (++nested < 3)
		raise(signal);
	depth--;
}

static void nesting(void)
{
	struct sigaction action = {.sa_handler = nest, .sa_flags = SA_NODEFER};
	sigaddset(&action.sa_mask, SIGUSR2);
	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	action.sa_flags = 0;
	sigaction(SIGUSR1, &action, NULL);
	nested = 0;
	raise(SIGUSR1);
}

static char *stack_start;
static volatile int on_stack;

static void look_at_stack(int signal, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;
	stack_t now;
	char here;
	(void)info;
	on_stack = &here > stack_start && &here <= stack_start + 65536;
	sigaltstack(NULL, &now);
	printf("signal %d: on it %d, flags %d, in the frame %d of %ld\n", signal, on_stack,
	       now.ss_flags, uc->uc_stack.ss_flags, (long)uc->uc_stack.ss_size);
	now.ss_flags = 0;
	SHOW(sigaltstack(&now, NULL));
	if (signal == SIGUSR1)
		raise(SIGUSR2);
}

/* What sigaltstack says of a stack pointer. */
static int flags_at(char *sp)
{
	static stack_t old;
	long result;
	__asm__ volatile("mov %%rsp, %%rbx; mov %4, %%rsp; syscall; mov %%rbx, %%rsp"
			 : "=a"(result)
			 : "a"((long)SYS_sigaltstack), "D"(0l), "S"(&old), "r"(sp)
			 : "rbx", "rcx", "r11", "memory");
	return result ? -1 : old.ss_flags;
}

static void stacks(void)
{
	stack_t stack = {.ss_size = 65536}, old;
	struct sigaction action = {.sa_sigaction = look_at_stack,
				   .sa_flags = SA_SIGINFO | SA_ONSTACK};
	stack_start = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stack.ss_sp = stack_start;
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	SHOW(sigaltstack(NULL, &old));
	SHOW(old.ss_flags);
	SHOW(sigaltstack(&stack, NULL));
	SHOW(sigaltstack(NULL, &old));
	SHOW(old.ss_flags);
	SHOW(old.ss_sp == stack_start);
	SHOW(flags_at(stack_start - 1));
	SHOW(flags_at(stack_start));
	SHOW(flags_at(stack_start + 1));
	SHOW(flags_at(stack_start + 65535));
	SHOW(flags_at(stack_start + 65536));
	SHOW(flags_at(stack_start + 65537));
	raise(SIGUSR1);
	stack.ss_size = 2047;
	SHOW(sigaltstack(&stack, NULL));
	stack.ss_flags = 4;
	SHOW(sigaltstack(&stack, NULL));
	SHOW(syscall(SYS_sigaltstack, (void *)0x1000, NULL));
	SHOW(syscall(SYS_sigaltstack, NULL, (void *)0x1000));
	action.sa_flags = SA_SIGINFO;
	sigaction(SIGUSR2, &action, NULL);
	raise(SIGUSR2);
	stack.ss_flags = SS_DISABLE;
	SHOW(sigaltstack(&stack, &old));
	SHOW(sigaltstack(NULL, &old));
	printf("%d %ld\n", old.ss_flags, (long)old.ss_size);
}

static void waiting(void)
{
	sigset_t set = set_of(SIGUSR1), none = set_of(0);
	struct timespec zero = {0, 0}, little = {0, 2000000}, bad = {0, -1};
	siginfo_t info;
	signal(SIGUSR1, SIG_IGN);
	handle(SIGUSR1, 0);
	sigprocmask(SIG_BLOCK, &set, NULL);
	SHOW(sigtimedwait(&set, &info, &zero));
	SHOW(sigtimedwait(&set, &info, &little));
	SHOW(sigtimedwait(&set, &info, &bad));
	sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 5});
	SHOW(sigtimedwait(&set, &info, &zero));
	printf("%d %d %d\n", info.si_signo, info.si_code, info.si_value.sival_int);
	raise(SIGUSR1);
	SHOW(sigwaitinfo(&set, NULL));
	show_trace("nothing handled");
	raise(SIGUSR1);
	SHOW(sigsuspend(&none));
	show_trace("sigsuspend");
	sigpending(&none);
	SHOW(sigismember(&none, SIGUSR1));
	sigprocmask(SIG_BLOCK, NULL, &none);
	SHOW(sigismember(&none, SIGUSR1)); /* blocked again after sigsuspend */
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static sigjmp_buf jump;

static void leave(int signal)
{
	siglongjmp(jump, signal);
}

static void jumps(void)
{
	sigset_t set;
	signal(SIGUSR1, leave);
	for (volatile int i = 0; i < 3; i++)
		if (!sigsetjmp(jump, 1))
			raise(SIGUSR1);
	sigprocmask(SIG_BLOCK, NULL, &set);
	SHOW(sigismember(&set, SIGUSR1));
}

int main(void)
{
	static char buffer[1 << 16];
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	sending();
	actions();
	masks();
	nesting();
	stacks();
	waiting();
	jumps();
	printf("%d handled\n", count);
	fflush(stdout);
	signal(SIGTERM, SIG_DFL);
	raise(SIGTERM);
	return 0;
}
