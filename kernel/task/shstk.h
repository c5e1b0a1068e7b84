/* User shadow stacks of a task (shstk.c). */
#ifndef KERNEL_SHSTK_H
#define KERNEL_SHSTK_H

#include "lib/types.h"

enum {
	ARCH_SHSTK_ENABLE = 0x5001,
	ARCH_SHSTK_DISABLE,
	ARCH_SHSTK_LOCK,
	ARCH_SHSTK_UNLOCK,
	ARCH_SHSTK_STATUS
};

/* Features, as arch_prctl has them; the bits are also those of IA32_U_CET. */
#define SHSTK_ON   1ull
#define SHSTK_WRSS 2ull /* ring 3 may use WRSS */

struct shstk {
	u64 features, locked;
	u64 base, size; /* what goes with the task */
	u64 ssp;	/* while another task runs */
};

s64 shstk_prctl(u32 option, u64 argument);

/* Another task's turn, where one of the two has any features. */
void shstk_switch(struct shstk *before, const struct shstk *next);

/*
 * The current task's, if it has any features: for a handler to return by `restorer`, and for
 * rt_sigreturn behind it.
 */
bool shstk_push_frame(u64 restorer);
bool shstk_pop_frame(void);

/* A new thread's, of the current task; 0 or a negative errno. */
s64 shstk_inherit(struct shstk *child, u64 stack_size);
void shstk_exit(void);	/* the current task's end */
void shstk_reset(void); /* before each program */

#endif
