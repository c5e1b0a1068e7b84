/* What runs in ring 3, and on which kernel stack it enters the kernel. */
#ifndef KERNEL_TASK_H
#define KERNEL_TASK_H

#include "pt_regs.h"
#include "types.h"

/* Work that a system call has pending on its way in or out (do_syscall_64). */
enum task_work {
	WORK_EXIT_REGS = 1 << 0,   /* the test hook wants to change pt_regs (syscall/audit.c) */
	WORK_ENTRY_TRACE = 1 << 1, /* a tracer wants to see each call (syscall/work.c) */
	WORK_EXIT_TRACE = 1 << 2,  /* and each result */
};
#define WORK_ENTRY_MASK (WORK_ENTRY_TRACE)
#define WORK_EXIT_MASK	(WORK_EXIT_REGS | WORK_EXIT_TRACE)

#define MAX_TASKS 256

struct task {
	u32 work;
	u32 tid;
	u64 stack_bottom, stack_top;
	u64 clear_child_tid, robust_list;
};
extern struct task *current;

static inline struct pt_regs *task_pt_regs(const struct task *task)
{
	return (struct pt_regs *)task->stack_top - 1;
}

/* Makes the one task's kernel stack; all of it is poison. */
void task_init(void);

/*
 * Enters ring 3 in the state `start`; returns when the program ends, with its wait status: the exit code, or TASK_KILLED +
 * the signal's number.
 */
#define TASK_KILLED 0x100
int run_user(const struct pt_regs *start);
__noreturn void leave_user(int status);

#endif
