/* The private call that uses a given depth of kernel stack, for what the stack erase costs. */
#include "cpu/kstack_offset.h"
#include "cpu/percpu.h"
#include "entry/erase.h"
#include "mm/layout.h"
#include "syscall/syscall.h"
#include "task/task.h"

#define FRAME_WORDS 6

/*
 * Goes down in small frames until the stack pointer is at or below `limit`, each frame written. The
 * call is no tail call: something is left to do after it.
 */
BIG_FRAME_BEGIN
static __attribute__((noinline)) u64 descend(u64 limit)
{
	volatile u64 words[FRAME_WORDS];
	stack_mark();
	for (int i = 0; i < FRAME_WORDS; i++)
		words[i] = limit ^ i;
	u64 below = (u64)words > limit ? descend(limit) : 0;
	return below + words[0];
}
BIG_FRAME_END

s64 sys_eb_deep(struct pt_regs *regs)
{
	u64 bytes = regs->di, gap = kstack_offset();
	/* leave room for what runs below: the last frames, an interrupt */
	if (bytes > KERNEL_STACK_SIZE - KSTACK_OFFSET_MASK - 1024)
		return -EINVAL;
	descend(this_cpu->kernel_top - gap - bytes);
	return bytes;
}
