/*
 * What makes the stack erase sound (docs/stack-erase.md).
 *
 * Every C function that can run on a task's kernel stack has at most ERASE_MAX_FRAME bytes of
 * locals (the compiler checks, -Wframe-larger-than), or calls stack_mark() once its frame stands;
 * so does the entry of an interrupt of ring 0. So on the way down no two return addresses lie
 * further apart than ERASE_MAX_FRAME / 8 locals and six saved registers. A return address is never
 * the poison, whatever ring 3 passes. So below the lowest mark ERASE_RUN poisoned words in a row
 * prove that nothing below them was written.
 */
#ifndef KERNEL_ERASE_H
#define KERNEL_ERASE_H

#define STACK_POISON	-0xbeef
#define ERASE_MAX_FRAME 16
#define ERASE_RUN	9
/*
 * Words below pt_regs that even the shortest system call writes, by retpoline: filled without a
 * look.
 */
#define ERASE_SHALLOW 4

#ifndef __ASSEMBLER__
#include "cpu/percpu.h"

/*
 * Round a function with more than ERASE_MAX_FRAME bytes of locals: one that calls stack_mark(), or
 * one that runs on the boot stack only (whole files of those: boot_stack_sources in
 * kernel/CMakeLists.txt).
 */
#define BIG_FRAME_BEGIN                                                                            \
	_Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wframe-larger-than=\"")
#define BIG_FRAME_END _Pragma("GCC diagnostic pop")

_Static_assert(ERASE_RUN > ERASE_MAX_FRAME / 8 + 6, "a run could fit between two return addresses");

/*
 * Tells the erase how deep the caller's frame goes; for functions with more than ERASE_MAX_FRAME
 * bytes of locals.
 */
static inline __attribute__((always_inline)) void stack_mark(void)
{
	u64 sp, look;
	__asm__ volatile("mov %%rsp, %0" : "=r"(sp));
	look = sp - ERASE_RUN * 8;
	/* other stacks (boot, IST) are not erased */
	if (sp - KERNEL_STACKS < KERNEL_STACKS_SIZE &&
	    (!this_cpu->erase_mark || look < this_cpu->erase_mark))
		this_cpu->erase_mark = look;
}
#endif
#endif
