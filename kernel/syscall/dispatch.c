/* From the entry path to the system call's function and back: the C part of every round trip. */
#include "mm.h"
#include "segment.h"
#include "syscall.h"
#include "work.h"

s64 private_syscall(struct pt_regs *regs, u64 nr)
{
	nr -= SYS_PRIVATE;
	if (nr >= SYSCALLS_PRIVATE)
		return sys_missing_beyond();
	return private_syscall_table[index_nospec(nr, SYSCALLS_PRIVATE)](regs);
}

static inline __attribute__((always_inline)) void serve(struct pt_regs *regs, int nr)
{
	u64 index = (unsigned)nr;
	if (unlikely(syscall_enter(regs)))
		index = (unsigned)regs->orig_ax;
	if (likely(index < SYSCALLS))
		regs->ax = syscall_table[index_nospec(index, SYSCALLS)](regs);
	else
		regs->ax = private_syscall(regs, index);
	syscall_leave(regs);
}

void do_syscall_64(struct pt_regs *regs, int nr)
{
	serve(regs, nr);
}

/* The conditions of SYSRET_OR (entry/calling.h), in the order and form that they have in Linux 6. */
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

bool do_syscall_64_choosing(struct pt_regs *regs, int nr)
{
	serve(regs, nr);
	return sysret_restores(regs);
}
