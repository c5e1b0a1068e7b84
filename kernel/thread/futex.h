/* Futexes: waiting for a word of ring 3's to change. */
#ifndef KERNEL_FUTEX_H
#define KERNEL_FUTEX_H

#include "lib/types.h"
#include "task/task.h"

#define FUTEX_ANY (~0u)

/*
 * Wakes at most `most` of those that wait for the word at `address` with one of `bits`; how many.
 */
s64 futex_wake(u64 address, u32 most, u32 bits);
void futex_reset(void);

/* At a task's end: marks the locks that it holds as left behind by a dead owner. */
void robust_list_exit(const struct task *task);

#endif
