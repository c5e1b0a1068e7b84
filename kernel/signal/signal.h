/* Signals: numbers and names are Linux'. */
#ifndef KERNEL_SIGNAL_H
#define KERNEL_SIGNAL_H

#include "entry/pt_regs.h"
#include "lib/types.h"

#define SIGHUP	  1
#define SIGINT	  2
#define SIGQUIT	  3
#define SIGILL	  4
#define SIGTRAP	  5
#define SIGABRT	  6
#define SIGBUS	  7
#define SIGFPE	  8
#define SIGKILL	  9
#define SIGUSR1	  10
#define SIGSEGV	  11
#define SIGUSR2	  12
#define SIGPIPE	  13
#define SIGALRM	  14
#define SIGTERM	  15
#define SIGSTKFLT 16
#define SIGCHLD	  17
#define SIGCONT	  18
#define SIGSTOP	  19
#define SIGTSTP	  20
#define SIGTTIN	  21
#define SIGTTOU	  22
#define SIGURG	  23
#define SIGXCPU	  24
#define SIGXFSZ	  25
#define SIGVTALRM 26
#define SIGPROF	  27
#define SIGWINCH  28
#define SIGIO	  29
#define SIGPWR	  30
#define SIGSYS	  31
#define SIGRTMIN  32
#define SIGNALS	  64 /* the last one */

/* Bit n - 1 stands for signal n. */
typedef u64 sigset_t;
#define SIGSET(signal) (1ull << ((signal)-1))
#define UNBLOCKABLE    (SIGSET(SIGKILL) | SIGSET(SIGSTOP))

struct task;

const char *signal_name(int signal);

/* ---- what is told of a signal (siginfo_t) ---- */
enum {
	SI_USER = 0,
	SI_KERNEL = 0x80,
	SI_QUEUE = -1,
	SI_TKILL = -6,
	ILL_ILLOPN = 2,
	FPE_INTDIV = 1,
	FPE_FLTDIV = 3,
	FPE_FLTOVF,
	FPE_FLTUND,
	FPE_FLTRES,
	FPE_FLTINV,
	SEGV_MAPERR = 1,
	SEGV_ACCERR = 2,
	SEGV_CPERR = 10,
	BUS_ADRALN = 1,
	BUS_ADRERR = 2,
	TRAP_BRKPT = 1,
	TRAP_TRACE = 2,
	TRAP_HWBKPT = 4,
};

struct signal_info {
	int signal, error, code, pad;
	u64 first;	/* sender's pid and uid, or the fault's address */
	u64 second;	/* sigqueue's value */
	u64 unused[12]; /* zero: a copy of all 128 bytes tells nothing of the kernel */
};
_Static_assert(sizeof(struct signal_info) == 128, "Linux' siginfo_t");

/* ---- actions, common to all tasks ---- */
#define SIG_DFL 0
#define SIG_IGN 1

#define SA_RESTORER  0x04000000ull
#define SA_ONSTACK   0x08000000ull
#define SA_RESTART   0x10000000ull
#define SA_NODEFER   0x40000000ull
#define SA_RESETHAND 0x80000000ull

struct signal_action { /* as rt_sigaction has it */
	u64 handler, flags, restorer;
	sigset_t mask;
};

/* ---- signals sent, not yet delivered ---- */
struct signal_record;
struct signal_pending {
	sigset_t set;
	struct signal_record *first; /* what is known of them, oldest first */
};

#define SS_ONSTACK    1
#define SS_DISABLE    2
#define SS_AUTODISARM (1u << 31)

struct signal_stack { /* as sigaltstack has it */
	u64 sp;
	u32 flags, pad;
	u64 size;
};
#define NO_SIGNAL_STACK ((struct signal_stack){.flags = SS_DISABLE})

/* Before each program. */
void signals_reset(void);

/*
 * Sends to `task`, or to the process where it is NULL: whoever does not block it takes it. 0, or
 * -EAGAIN where there is no room to keep a real-time signal's value.
 */
s64 signal_send(struct task *task, const struct signal_info *info);

/*
 * A fault of the current task: it comes even if it is blocked or ignored, then as the default
 * action.
 */
void signal_force(int signal, int code, u64 address);
void signal_force_default(int signal); /* ends the program on the way out */

/* What ring 3 waits for or blocks has changed. */
void signal_recalculate(struct task *task);
bool signal_is_ignored(int signal);
bool signal_is_pending(const struct task *task);

/* Takes the next one of `set` out of what the current task can take; false if there is none. */
bool signal_take(sigset_t set, struct signal_info *info);

void signal_set_blocked(sigset_t blocked);
void signal_set_action(int signal, const struct signal_action *action);
void signal_forget(struct task *task); /* at its end */

/* On the way out: frames, restarts, ends (signal_deliver.c). */
void signal_deliver(struct pt_regs *regs);

/* Error values that never reach ring 3: how a system call goes on after a signal. */
#define ERESTARTSYS    512 /* again if the handler has SA_RESTART, or if there was none */
#define ERESTARTNOHAND 514 /* again only if there was none */

/* The frame on ring 3's stack (signal_frame.c). */
bool signal_frame_make(struct pt_regs *regs, const struct signal_action *action,
		       const struct signal_info *info, sigset_t mask);
u64 signal_frame_size(void);

/* Of the current task with the stack pointer `sp`: SS_DISABLE, SS_ONSTACK or 0. */
u32 signal_stack_flags(u64 sp);
s64 signal_stack_check(const struct signal_stack *stack, u64 sp); /* 0 or a negative errno */
void signal_stack_set(const struct signal_stack *stack);

#endif
