/* Exceptions in C: what the kernel mends, what ends the program, what ends the kernel. */
#include "audit.h"
#include "boot.h"
#include "cpu.h"
#include "entry_variant.h"
#include "erase.h"
#include "lib.h"
#include "mm.h"
#include "percpu.h"
#include "proc.h"
#include "signal.h"
#include "syscall.h"
#include "task.h"
#include "ways.h"

void do_exception(struct pt_regs *regs, unsigned vector);
void do_paranoid(struct pt_regs *regs, unsigned vector);

/* Names and signals of the architecture's exceptions (SDM 3A table 6-1; signals as on Linux). */
static const struct {
	const char *name;
	int signal;
} exceptions[VECTOR_EXTERNAL] = {
    [0] = {"#DE", SIGFPE},   [1] = {"#DB", SIGTRAP},  [2] = {"NMI", SIGKILL},
    [3] = {"#BP", SIGTRAP},  [4] = {"#OF", SIGSEGV},  [5] = {"#BR", SIGSEGV},
    [6] = {"#UD", SIGILL},   [7] = {"#NM", SIGFPE},   [8] = {"#DF", SIGKILL},
    [10] = {"#TS", SIGSEGV}, [11] = {"#NP", SIGBUS},  [12] = {"#SS", SIGBUS},
    [13] = {"#GP", SIGSEGV}, [14] = {"#PF", SIGSEGV}, [16] = {"#MF", SIGFPE},
    [17] = {"#AC", SIGBUS},  [18] = {"#MC", SIGKILL}, [19] = {"#XM", SIGFPE},
    [21] = {"#CP", SIGSEGV},
};

static const char *exception_name(unsigned vector)
{
	if (vector >= VECTOR_EXTERNAL)
		return "interrupt";
	return exceptions[vector].name ? exceptions[vector].name : "reserved exception";
}

static __noreturn void kill_program(const struct pt_regs *regs, unsigned vector)
{
	int signal = vector < VECTOR_EXTERNAL ? exceptions[vector].signal : SIGSEGV;
	kprintf("entrybench: %s: %s at ip %p sp %p error %lx", process.name, exception_name(vector),
		(void *)regs->ip, (void *)regs->sp, regs->orig_ax);
	if (vector == VECTOR_PF)
		kprintf(" address %p", (void *)read_cr2());
	kprintf("\n");
	leave_user(TASK_KILLED + (signal ? signal : SIGSEGV));
}

static bool page_fault(struct pt_regs *regs)
{
	u64 address = read_cr2();
	/* Only the marked accesses of uaccess.S may touch ring 3's memory from ring 0. */
	bool allowed = from_user(regs) || extable_find(regs->ip);
	return allowed && address < USER_END && vm_fault(address, regs->orig_ax) == VM_FAULT_DONE;
}

void do_exception(struct pt_regs *regs, unsigned vector)
{
	if (vector == VECTOR_PF && page_fault(regs))
		return;
	if (from_user(regs) && ways_fix_up(regs, vector))
		return;
	if (audit_trap(regs, vector))
		return;
	if (from_user(regs))
		kill_program(regs, vector);
	u64 fixup = extable_find(regs->ip);
	if (!fixup)
		panic(regs, "%s (vector %u) in ring 0", exception_name(vector), vector);
	regs->ip = fixup;
}

/*
 * Ring 3's TF in ring 0: SYSENTER and a call gate leave it set, and where the CPU traps after SYSCALL itself (Bochs does; SFMASK
 * has cleared TF by then) so it does once more. The step is not the kernel's. Ring 3 gets it on the way out, from the TF in
 * its own flags.
 */
static bool is_step_of_ring3(const struct pt_regs *regs)
{
	const struct entry_variant *v = &entry_variant;
	u64 ip = regs->ip;
	if (!(read_dr6() & DR6_STEP))
		return false;
	return ip == (u64)v->syscall_64 || ip == (u64)v->syscall_32 || ip == (u64)v->call_gate ||
	       (ip >= (u64)v->sysenter && ip < (u64)v->sysenter_end);
}

/* NMI, #DB, #MC, #DF in ring 0, on their IST stacks. Apart from do_exception(): a breakpoint there must not meet itself. */
void do_paranoid(struct pt_regs *regs, unsigned vector)
{
	if (vector == VECTOR_DB && is_step_of_ring3(regs)) {
		write_dr6(DR6_CLEAR);
		return;
	}
	if (!audit_trap(regs, vector))
		panic(regs, "%s (vector %u) in ring 0", exception_name(vector), vector);
}
