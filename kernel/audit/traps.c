/*
 * eb_audit's traps: breakpoints anywhere, and a log of what would have ended the program or the
 * kernel.
 */
#include "audit/audit.h"
#include "cpu/cpu.h"
#include "cpu/selectors.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "syscall/kcfi.h"
#include "syscall/syscall.h"
#include "task/task.h"

#define LOG_SIZE    64
#define BREAKPOINTS 4

#define DR7_CLEAR     0x400ull
#define DR7_GLOBAL(n) (2ull << 2 * (n)) /* length and type 0: execution (SDM 3B 17.2.4) */

static bool catching;
static u64 catch_ip, catch_sp;
static struct eb_trap traps[LOG_SIZE];
static u64 trap_count;
static u64 wanted_dr7; /* breakpoints are in force while traps are caught, and only then */

static void stop(void)
{
	catching = false;
	if (!audit_armed)
		write_dr7(DR7_CLEAR);
}

void audit_stop(void)
{
	wanted_dr7 = DR7_CLEAR;
	stop();
}

s64 audit_catch(u64 ip, u64 sp)
{
	catch_ip = ip;
	catch_sp = sp;
	trap_count = 0;
	catching = true;
	write_dr6(DR6_CLEAR);
	write_dr7(wanted_dr7);
	return 0;
}

s64 audit_traps(u64 to, u64 n)
{
	u64 have = trap_count < LOG_SIZE ? trap_count : LOG_SIZE;
	stop();
	if (n > have)
		n = have;
	return copy_to_user(to, traps, n * sizeof(traps[0])) ? (s64)trap_count : -EFAULT;
}

s64 audit_break(u64 index, u64 address)
{
	switch (index) {
	case 0:
		write_dr0(address);
		break;
	case 1:
		write_dr1(address);
		break;
	case 2:
		write_dr2(address);
		break;
	case 3:
		write_dr3(address);
		break;
	default:
		return -EINVAL;
	}
	if (address)
		wanted_dr7 |= DR7_GLOBAL(index);
	else
		wanted_dr7 &= ~DR7_GLOBAL(index);
	return 0;
}

static void keep(const struct pt_regs *regs, unsigned vector, u64 dr6)
{
	struct eb_trap *trap = &traps[trap_count++ % LOG_SIZE];
	if (trap_count > LOG_SIZE)
		return; /* counted, not kept */
	trap->vector = vector;
	trap->cr2 = read_cr2();
	trap->dr6 = dr6;
	audit_copy_regs(&trap->regs, regs);
}

/* fault_raise() has already taken that of a #DB in ring 3. */
u64 audit_take_dr6(const struct pt_regs *regs, unsigned vector)
{
	if (from_user(regs) && vector == VECTOR_DB)
		return current->fault.dr6;
	u64 dr6 = read_dr6();
	write_dr6(DR6_CLEAR);
	return dr6;
}

static bool trap(struct pt_regs *regs, unsigned vector)
{
	u64 dr6 = 0;
	if (!catching)
		return false;
	if (vector == VECTOR_DB)
		dr6 = audit_take_dr6(regs, vector) & ~DR6_CLEAR;
	if (vector == VECTOR_UD && !from_user(regs) && kcfi_refused(regs->ip)) {
		keep(regs, vector, 0);
		regs->ip = *(u64 *)regs->sp; /* as if the function had said so */
		regs->ax = -EPERM;
		regs->sp += sizeof(u64);
		return true;
	}
	bool goes_on = vector == VECTOR_NMI || vector == VECTOR_MC || dr6 & DR6_BREAKPOINTS;
	if (!goes_on && !from_user(regs))
		return false;
	keep(regs, vector, dr6);
	if (goes_on) {
		regs->flags |= FLAG_RF; /* past the breakpoint */
		return true;
	}
	stop();
	regs->ip = catch_ip;
	regs->cs = USER_CS;
	regs->flags = FLAG_IF | FLAG_FIXED;
	regs->sp = catch_sp;
	regs->ss = USER_DS;
	return true;
}

bool audit_takes(struct pt_regs *regs, unsigned vector, u64 cr3, u64 gs)
{
	return audit_interruption(regs, vector, cr3, gs) || trap(regs, vector);
}
