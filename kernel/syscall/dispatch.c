/* From the entry path to the system call's function and back: the C part of every round trip. */
#include "cpu.h"
#include "syscall.h"
#include "task.h"

s64 private_syscall(struct pt_regs *regs, u64 nr)
{
	nr -= SYS_PRIVATE;
	if (nr >= SYSCALLS_PRIVATE)
		return -ENOSYS;
	return private_syscall_table[index_nospec(nr, SYSCALLS_PRIVATE)](regs);
}

void do_syscall_64(struct pt_regs *regs, int nr)
{
	u64 index = (unsigned)nr;
	irq_enable();
	if (likely(index < SYSCALLS))
		regs->ax = syscall_table[index_nospec(index, SYSCALLS)](regs);
	else
		regs->ax = private_syscall(regs, index);
	irq_disable();
	if (unlikely(current->work & WORK_EXIT_MASK))
		audit_change_regs(regs);
}
