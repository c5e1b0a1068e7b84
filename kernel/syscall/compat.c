/*
 * The 32-bit system call interface: by INT 0x80 (from 64-bit code as well), by SYSENTER and by
 * 32-bit SYSCALL. Numbers are i386's, arguments come in ebx, ecx, edx, each cut to 32 bits. Only
 * what programs here need of it.
 */
#include "cpu/cpu.h"
#include "cpu/selectors.h"
#include "dev/dev.h"
#include "mm/mm.h"
#include "private/mechanism.h"
#include "syscall/kcfi.h"
#include "syscall/syscall.h"
#include "syscall/work.h"
#include "thread/segments.h"
#include "cpu/traps.h"

enum {
	I386_exit = 1,
	I386_write = 4,
	I386_getpid = 20,
	I386_getppid = 64,
	I386_set_thread_area = 243,
	I386_get_thread_area = 244,
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
	if (nr == I386_set_thread_area)
		return set_thread_area(regs->di);
	if (nr == I386_get_thread_area)
		return get_thread_area(regs->di);
	u64 native = nr < I386_SYSCALLS ? native_number[index_nospec(nr, I386_SYSCALLS)] : 0;
	if (!native)
		return -ENOSYS;
	return call_syscall(syscall_table[index_nospec(native - 1, SYSCALLS)], syscall_args(regs));
}

/*
 * The functions take their arguments from where 64-bit code has them; ring 3 gets its own values
 * back.
 */
static void serve(struct pt_regs *regs)
{
	u64 di = regs->di, si = regs->si, dx = regs->dx;
	regs->di = (u32)regs->bx;
	regs->si = (u32)regs->cx;
	regs->dx = (u32)regs->dx;
	regs->ax = call(regs, regs->orig_ax);
	regs->di = di;
	regs->si = si;
	regs->dx = dx;
}

void do_int80(struct pt_regs *regs)
{
	syscall_enter(regs);
	serve(regs);
	syscall_leave(regs);
}

/*
 * int80=c. What a device sent is none of ring 3's calls, whatever it interrupted: the registers are
 * nobody's arguments. Neither is what came from ring 0, which makes no calls.
 */
void do_int80_checked(struct pt_regs *regs, unsigned vector)
{
	if (unlikely(!from_user(regs) || apic_in_service(vector))) {
		mechanism.interrupt_count++;
		apic_eoi();
		return;
	}
	regs->orig_ax = regs->ax;
	regs->ax = -ENOSYS;
	do_int80(regs);
}

/*
 * SYSRETL and SYSEXIT load fixed CS and SS; a trap after the first instruction of ring 3, and RF,
 * only IRET brings about.
 */
static bool fast_way_out_restores(const struct pt_regs *regs)
{
	return regs->ip == mechanism.landing_pad && regs->cs == USER32_CS && regs->ss == USER_DS &&
	       !(regs->flags & (FLAG_RF | FLAG_TF)) && !(regs->sp >> 32);
}

/* What ebp held before it became the carrier of something else lies on top of ring 3's stack. */
static bool fast_call(struct pt_regs *regs)
{
	u32 sixth;
	regs->ip = mechanism.landing_pad;
	syscall_enter(regs);
	if (load_user_32(&sixth, regs->sp)) {
		regs->bp = sixth;
		serve(regs);
	} else {
		regs->ax = -EFAULT;
	}
	syscall_leave(regs);
	return fast_way_out_restores(regs);
}

bool do_syscall_32(struct pt_regs *regs)
{
	regs->sp = (u32)regs->sp;
	return fast_call(regs);
}

bool do_sysenter(struct pt_regs *regs)
{
	regs->sp = (u32)regs->bp;
	regs->flags |= FLAG_IF;
	return fast_call(regs);
}
