/* Restartable sequences (rseq.c): what a task has registered, and its way out of a section. */
#ifndef KERNEL_RSEQ_H
#define KERNEL_RSEQ_H

#include "entry/pt_regs.h"
#include "lib/types.h"

struct task;

struct rseq {
	u64 area; /* 0: nothing is registered */
	u32 size, signature;
};

/* The turn of `task` ends: where an interrupt or an exception did it, its way out has work. */
void rseq_switched(struct task *task);

/* That work, IRQs off. A section that cannot be left so is a SIGSEGV. */
void rseq_leave(struct pt_regs *regs);

/*
 * Before a signal's frame, where an area is registered: it is to return to the abort handler.
 * False: it cannot be done.
 */
bool rseq_leave_for_handler(struct pt_regs *regs);

#endif
