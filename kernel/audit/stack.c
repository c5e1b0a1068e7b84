/*
 * eb_audit's look at the kernel stack, and the secrets that it hides there for the stack erase to
 * find.
 */
#include "audit/audit.h"
#include "boot/boot.h"
#include "entry/erase.h"
#include "syscall/syscall.h"
#include "task/task.h"

#define POISON ((u64)(s64)STACK_POISON)

/* A return address of a loop in entry code: this very call's, where the loop goes deeper than C. */
static inline bool is_of_entry(u64 word)
{
	return word - (u64)entry_text_start < ENTRY_TEXT_SIZE;
}

/*
 * Calls nothing: whatever else lies below its own stack pointer was there before this system call.
 */
s64 audit_stack_dirty(void)
{
	const volatile u64 *word = (const volatile u64 *)current->stack_bottom;
	u64 sp;
	s64 dirty = 0;
	__asm__ volatile("mov %%rsp, %0" : "=r"(sp));
	for (; (u64)word < sp; word++)
		dirty += *word != POISON && !is_of_entry(*word);
	return dirty;
}

/* Given inverted, the secret itself stands in no register and no frame of this call. */
static s64 find(u64 from, u64 to, u64 inverted_secret)
{
	s64 found = 0;
	for (const volatile u64 *word = (const volatile u64 *)from; word < (u64 *)to; word++)
		found += ~*word == inverted_secret;
	return found;
}

s64 audit_stack_find(u64 inverted_secret)
{
	return find(current->stack_bottom, (u64)task_pt_regs(current), inverted_secret);
}

/* Those of tasks that have ended, too. */
s64 audit_stacks_find(u64 inverted_secret)
{
	s64 found = audit_stack_find(inverted_secret);
	for (const struct task *task = tasks; task < tasks + MAX_TASKS; task++)
		if (task != current && task->stack_top)
			found += find(task->stack_bottom, task->stack_top, inverted_secret);
	return found;
}

/* Left between the array and the place: room for the compiler's rounding, and for the call. */
#define BELOW_ARRAY 64

#pragma GCC diagnostic ignored "-Walloca"
BIG_FRAME_BEGIN
static __attribute__((noinline)) u64 plant_marked(u64 at, u64 secret)
{
	u64 sp;
	__asm__ volatile("mov %%rsp, %0" : "=r"(sp));
	void *untouched = __builtin_alloca(sp - at - BELOW_ARRAY);
	stack_mark();
	u64 where = audit_plant_chain(secret, at);
	__asm__ volatile("" : : "r"(untouched) : "memory");
	return where;
}
BIG_FRAME_END

s64 audit_stack_mark(void)
{
	stack_mark();
	return 0;
}

/* Nothing of it is poison then: the erase finds no end before the bottom. */
s64 audit_stack_fill(void)
{
	u64 sp;
	__asm__ volatile("mov %%rsp, %0" : "=r"(sp));
	for (volatile u64 *word = (u64 *)current->stack_bottom; (u64)word < sp - 256; word++)
		*word = 0;
	this_cpu->erase_mark = current->stack_bottom;
	return 0;
}

s64 audit_stack_plant(u64 how, u64 depth, u64 secret)
{
	u64 sp, at = current->stack_top - depth;
	__asm__ volatile("mov %%rsp, %0" : "=r"(sp));
	/* below the live frames, and not so deep that an interrupt had no room */
	if (depth % 8 || depth > KERNEL_STACK_SIZE - 1024 || at > sp - 256)
		return -EINVAL;
	if (how & EB_PLANT_AND_YIELD)
		current->work |= WORK_RESCHED;
	u64 where = (how & ~(u64)EB_PLANT_AND_YIELD) == EB_PLANT_MARKED
			? plant_marked(at, secret)
			: audit_plant_chain(secret, at);
	return current->stack_top - where;
}
