/*
 * Shadow stacks of ring 3: Linux' numbers (uapi/asm/prctl.h), and the current one. Programs have
 * one from their first instructions on where the core's variant has shstk=on (start.S), else none.
 */
#ifndef BENCH_SHADOW_STACK_H
#define BENCH_SHADOW_STACK_H

#include "sys.h"

enum {
	ARCH_SHSTK_ENABLE = 0x5001,
	ARCH_SHSTK_DISABLE,
	ARCH_SHSTK_LOCK,
	ARCH_SHSTK_UNLOCK,
	ARCH_SHSTK_STATUS
};
enum { SHSTK_ON = 1, SHSTK_WRSS = 2 };

/* 0: there is none. */
static inline uint64_t shadow_stack_pointer(void)
{
	uint64_t pointer = 0;

	__asm__ volatile("rdsspq %0" : "+r"(pointer));
	return pointer;
}

/* 32-bit code cannot run on one that lies above 4 GiB, as all do. */
static inline void shadow_stack_end(void)
{
	sys_call(SYS_ARCH_PRCTL, ARCH_SHSTK_DISABLE, SHSTK_ON, 0, 0, 0, 0);
}

#endif
