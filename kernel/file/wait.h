/* What poll and epoll have in common: deadlines, and signal masks for the wait alone. */
#ifndef KERNEL_FILE_WAIT_H
#define KERNEL_FILE_WAIT_H

#include "lib/types.h"

/* Of a timeout in milliseconds: 0 for none to wait, NEVER for a negative one. */
u64 deadline_of_ms(u64 ms);

/*
 * The mask at a ring-3 address (0: none) is blocked until the call ends, or a signal that ends it
 * has been handled.
 */
s64 wait_mask_set(u64 from, u64 size);
s64 wait_mask_restore(s64 result);

#endif
