/* Tasks: the threads of the one program, each with a kernel stack on which it enters the kernel. */
#ifndef KERNEL_TASK_H
#define KERNEL_TASK_H

#include "entry/pt_regs.h"
#include "lib/types.h"
#include "signal/signal.h"
#include "task/rseq.h"
#include "task/shstk.h"
#include "thread/segments.h"
#include "time/time.h"

/* Work that a task has pending on its way into the kernel or out of it (task/exit_work.c). */
enum task_work {
	WORK_ENTRY_TRACE = 1 << 0, /* a tracer wants to see each call (syscall/work.c) */
	WORK_EXIT_TRACE = 1 << 1,  /* and each result */
	WORK_TIMER = 1 << 2,	   /* the APIC's timer went off */
	WORK_RESCHED = 1 << 3,	   /* another task's turn */
	WORK_SIGNAL = 1 << 4,	   /* a signal may be there to deliver */
	WORK_RSEQ = 1 << 7,	   /* a restartable sequence may have been interrupted */
	/* for variant lean, whose way out does not look at pt_regs otherwise (docs/lean.md) */
	WORK_STEP = 1 << 5,	 /* SYSCALL was executed with TF set */
	WORK_LAST_PAGE = 1 << 6, /* SYSCALL may have been ring 3's last two bytes */
};
#define WORK_ENTRY_MASK	    (WORK_ENTRY_TRACE)
#define WORK_LOOP_MASK	    (WORK_TIMER | WORK_RESCHED | WORK_SIGNAL | WORK_RSEQ)
#define WORK_EXIT_MASK	    (WORK_EXIT_TRACE | WORK_LOOP_MASK)
#define WORK_FAST_EXIT_MASK (WORK_EXIT_MASK | WORK_STEP | WORK_LAST_PAGE)

#define MAX_TASKS 256

enum task_state { TASK_FREE, TASK_READY, TASK_WAITING };

struct task {
	u32 work;
	/* lean: numbers from here on go the slow path; 0 while an entry has to be looked at */
	u32 fast_calls;
	u32 tid;
	u64 stack_bottom, stack_top; /* pt_regs lies right below the top */

	/* while another task runs (sched.c) */
	enum task_state state;
	bool woken; /* by task_wake() or its timeout, not by a signal */
	bool timed_out;
	u64 kernel_sp;	/* below what switch_stack() has pushed */
	u64 erase_mark; /* struct percpu's, */
	u64 user_rsp;	/* and this one */
	void *fpu;	/* a page */
	struct segments segments;
	struct task *next; /* in the queue of those that are ready */
	struct timer timeout;
	u64 cpu_ns;

	/* what its end has to do (exit.c) */
	u64 clear_child_tid, robust_list;

	struct shstk shstk;
	struct rseq rseq;
	bool idt_entry; /* rseq=on without FRED: by an interrupt or an exception into the kernel */

	/* waiting for a futex (futex.c) */
	u64 futex;
	u32 futex_bits;
	struct task *next_waiter;

	bool waits_for_file; /* open_files.c */
	char name[16];	     /* prctl's */

	/* signals (signal.c) */
	sigset_t blocked;
	sigset_t awaited; /* by sigtimedwait */
	sigset_t
	    saved_blocked; /* to come back with the next frame, where restore_blocked says so */
	bool restore_blocked;
	struct signal_pending pending;
	struct signal_stack signal_stack;
	struct {
		u64 vector, error_code, cr2, dr6;
	} fault; /* the last exception that became a signal */
};
extern struct task *current;
extern struct task tasks[MAX_TASKS];

static inline struct pt_regs *task_pt_regs(const struct task *task)
{
	return (struct pt_regs *)task->stack_top - 1;
}

/* ---- their lives (task.c) ---- */
void task_init(void); /* the first one's kernel stack */

/*
 * A task that will start in the state `regs`; the caller makes it ready. NULL: too many, or no
 * memory.
 */
struct task *task_create(const struct pt_regs *regs);
struct task *task_find(u32 tid);

/* Which borders of the current task's system calls a tracer wants to see. */
void task_trace(bool entry, bool exit);

/* Ring 3's last page may be mapped from now on. */
void tasks_watch_last_page(void);

/*
 * The last entry of a task that ends has no way out that erases its stack: the next task does it,
 * before all else.
 */
void task_ended(struct task *task);
void task_erase_ended(void);
unsigned tasks_alive(void);

/*
 * Runs a program whose first task enters ring 3 in the state `start`; returns when it ends, with
 * its wait status: the exit code, or TASK_KILLED + the signal's number.
 */
#define TASK_KILLED 0x100
int run_user(const struct pt_regs *start);

/* Ends the program, all its tasks. */
__noreturn void leave_user(int status);

/* ---- taking turns (sched.c) ---- */
void sched_reset(void);
void schedule(void); /* another one's turn, if one is ready; IRQs are off after it */
void task_ready(struct task *task);

/*
 * The current task waits for task_wake(), a signal or the deadline. 0, -EINTR or -ETIMEDOUT. What
 * the caller has done before, the waker sees: tasks change only here and on the way out to ring 3.
 */
s64 task_wait(u64 deadline);
void task_wake(struct task *task);
void task_interrupt(struct task *task); /* a signal: ends its wait too */

u64 task_cpu_ns(void);	  /* the current task's time on the CPU */
u64 process_cpu_ns(void); /* all tasks' */

/* The end of the current one; the last one's ends the program. */
__noreturn void task_exit(int code);

/* What waits for the current task on its way to ring 3; IRQs off (exit_work.c). */
void exit_work(struct pt_regs *regs);

/* For how long the CPU waited in HLT, ticks of the TSC, until now. */
extern u64 idle_ticks;

#endif
