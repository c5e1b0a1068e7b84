/*
 * Work that waits for a task at the borders of a system call: the test on the fast path, and the
 * slow path behind it.
 */
#ifndef KERNEL_WORK_H
#define KERNEL_WORK_H

#include "cpu/cpu.h"
#include "entry/pt_regs.h"
#include "task/task.h"

/* syscall/work.c. IRQs are on in the first and off in the second. */
void syscall_enter_work(struct pt_regs *regs);
void syscall_leave_work(struct pt_regs *regs);

/*
 * From the entry path, IRQs off: turns them on. A number that the work changed stands in
 * regs->orig_ax.
 */
static inline bool syscall_enter(struct pt_regs *regs)
{
	irq_enable();
	bool work = current->work & WORK_ENTRY_MASK;
	if (unlikely(work))
		syscall_enter_work(regs);
	return work;
}

/* To the exit path, with IRQs off: work that an interrupt brings is not overlooked. */
static inline void syscall_leave(struct pt_regs *regs)
{
	irq_disable();
	if (unlikely(current->work & WORK_EXIT_MASK))
		syscall_leave_work(regs);
}

#endif
