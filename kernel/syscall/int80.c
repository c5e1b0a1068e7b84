/*
 * INT 0x80: the 32-bit system call interface, from 64-bit code as well. Numbers are i386's, arguments come in ebx, ecx, edx,
 * esi, edi, ebp, each cut to 32 bits. Only what programs here need of it.
 */
#include "cpu.h"
#include "erase.h"
#include "syscall.h"

enum {
	I386_exit = 1,
	I386_write = 4,
	I386_getpid = 20,
	I386_getppid = 64,
	I386_exit_group = 252,
	I386_SYSCALLS = 256
};

/* The 64-bit number that does the same, plus one; 0: none. */
static const u16 native_number[I386_SYSCALLS] = {
    [I386_exit] = SYS_exit + 1,
    [I386_write] = SYS_write + 1,
    [I386_getpid] = SYS_getpid + 1,
    [I386_getppid] = SYS_getppid + 1,
    [I386_exit_group] = SYS_exit_group + 1,
};

/* -ENOSYS where there is none; the core's own numbers are the same here. */
static s64 call(struct pt_regs *regs, u32 nr)
{
	if (nr >= SYS_PRIVATE)
		return private_syscall(regs, nr);
	if (nr >= I386_SYSCALLS || !native_number[index_nospec(nr, I386_SYSCALLS)])
		return -ENOSYS;
	return syscall_table[native_number[index_nospec(nr, I386_SYSCALLS)] - 1](regs);
}

BIG_FRAME_BEGIN
void do_int80(struct pt_regs *regs)
{
	u32 nr = regs->ax;
	u64 di = regs->di, si = regs->si, dx = regs->dx;

	stack_mark();
	regs->orig_ax = nr;
	regs->di = (u32)regs->bx;
	regs->si = (u32)regs->cx;
	regs->dx = (u32)regs->dx;
	irq_enable();
	regs->ax = call(regs, nr);
	irq_disable();
	regs->di = di;
	regs->si = si;
	regs->dx = dx;
}
BIG_FRAME_END
