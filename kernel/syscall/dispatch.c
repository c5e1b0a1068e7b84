/* From the entry path to the system call's function and back: the C part of every round trip. */
#include "cpu/selectors.h"
#include "mm/layout.h"
#include "syscall/kcfi.h"
#include "syscall/syscall.h"
#include "syscall/work.h"

s64 private_syscall(struct pt_regs *regs, u64 nr)
{
	nr -= SYS_PRIVATE;
	if (nr >= SYSCALLS_PRIVATE)
		return sys_missing_beyond();
	return call_private_syscall(private_syscall_table[index_nospec(nr, SYSCALLS_PRIVATE)],
				    regs);
}

/*
 * Linux' way since 6.9: without jump tables (-fno-jump-tables) the compiler makes a tree of
 * comparisons and direct jumps of it, so there is no indirect branch to steer.
 */
static __attribute__((noinline)) s64 call_by_switch(struct pt_regs *regs, u64 nr)
{
	switch (nr) {
#define SYSCALL(number, name, function)                                                            \
	case number:                                                                               \
		return function(syscall_args(regs));
#define SYSCALL_ALL_REGS(number, name, function)                                                   \
	case number:                                                                               \
		return function(regs);
#include "syscall/syscalls.def"
#undef SYSCALL
	}
	return sys_missing(syscall_args(regs));
}

/*
 * The table's function answers numbers below SYSCALLS. As with index_nospec() a mispredicted branch
 * reads the table at 0; here one comparison serves both the branch and the mask.
 */
static inline __attribute__((always_inline)) void serve(struct pt_regs *regs, u64 nr,
							bool by_switch)
{
	u64 index;
	if (unlikely(syscall_enter(regs)))
		nr = (u32)regs->orig_ax;
	__asm__ goto("cmp %2, %1; sbb %0, %0; jae %l[beyond]; and %1, %0"
		     /* cppcheck-suppress legacyUninitvar */
		     : "=&r"(index)
		     : "r"(nr), "i"(SYSCALLS)
		     : "cc"
		     : beyond);
	regs->ax = by_switch ? call_by_switch(regs, index)
			     : call_syscall(syscall_table[index], syscall_args(regs));
	syscall_leave(regs);
	return;
beyond:
	regs->ax = private_syscall(regs, nr);
	syscall_leave(regs);
}

void do_syscall_64(struct pt_regs *regs, u64 nr)
{
	serve(regs, nr, false);
}

void do_syscall_64_switch(struct pt_regs *regs, u64 nr)
{
	serve(regs, nr, true);
}

/*
 * The conditions of SYSRET_OR (entry/calling.h), in the order and form that they have in Linux 6.
 */
static bool sysret_restores(const struct pt_regs *regs)
{
	if (unlikely(regs->cx != regs->ip || regs->r11 != regs->flags))
		return false;
	if (unlikely(regs->cs != USER_CS || regs->ss != USER_DS))
		return false;
	if (unlikely(regs->ip >= USER_END))
		return false;
	return likely(!(regs->flags & (FLAG_RF | FLAG_TF)));
}

bool do_syscall_64_choosing(struct pt_regs *regs, u64 nr)
{
	serve(regs, nr, false);
	return sysret_restores(regs);
}

bool do_syscall_64_switch_choosing(struct pt_regs *regs, u64 nr)
{
	serve(regs, nr, true);
	return sysret_restores(regs);
}
