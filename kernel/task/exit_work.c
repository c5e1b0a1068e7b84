/*
 * What waits for a task on its way to ring 3, after a system call, an exception or an interrupt
 * alike.
 */
#include "task/task.h"

void exit_work(struct pt_regs *regs)
{
	while (current->work & WORK_LOOP_MASK) {
		if (current->work & WORK_TIMER) {
			current->work &= ~WORK_TIMER;
			timers_run();
		}
		/*
		 * before another one's turn: a signal that ended a wait must not be taken by that
		 * one
		 */
		if (current->work & WORK_SIGNAL)
			signal_deliver(regs);
		if (current->work & WORK_RESCHED)
			schedule();
		/* the last, since another one's turn brings it */
		if ((current->work & WORK_LOOP_MASK) == WORK_RSEQ)
			rseq_leave(regs);
	}
}
