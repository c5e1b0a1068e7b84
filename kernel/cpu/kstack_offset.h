/* The random offset of the kernel stack: its state, which entry code moves on. */
#ifndef KERNEL_KSTACK_OFFSET_H
#define KERNEL_KSTACK_OFFSET_H

#include "lib/types.h"

#define KSTACK_RANDOM_WORDS 4

/* kstack_offset=on has the generator's words here; kstack_offset=rdtsc uses the first alone. */
extern u32 kstack_random[KSTACK_RANDOM_WORDS];

void kstack_offset_init(void);

/* By how much this system call's frames begin lower. */
u64 kstack_offset(void);

#endif
