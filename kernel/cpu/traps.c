/* Exceptions and interrupts in C: what the kernel mends, what ends the program, what ends the kernel. */
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

void do_exception(struct pt_regs *regs, unsigned vector);
void do_paranoid(struct pt_regs *regs, unsigned vector);
struct pt_regs *adopt_bad_iret(struct pt_regs *fault);

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
	if (vector == VECTOR_INT80 && from_user(regs)) {
		do_int80(regs);
		return;
	}
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
 * TF over SYSCALL: where the CPU traps after SYSCALL itself (Bochs does; SFMASK has cleared TF by then), the step is not the
 * kernel's. Ring 3 gets it on the way out, from the TF in its own flags.
 */
static bool is_step_into_syscall(const struct pt_regs *regs)
{
	return regs->ip == (u64)entry_variant.syscall_64 && read_dr6() & DR6_STEP;
}

/* NMI, #DB, #MC, #DF in ring 0, on their IST stacks. Apart from do_exception(): a breakpoint there must not meet itself. */
void do_paranoid(struct pt_regs *regs, unsigned vector)
{
	if (vector == VECTOR_DB && is_step_into_syscall(regs)) {
		write_dr6(DR6_CLEAR);
		return;
	}
	if (!audit_trap(regs, vector))
		panic(regs, "%s (vector %u) in ring 0", exception_name(vector), vector);
}

/*
 * `fault` is the pt_regs of a fault taken by the IRET to ring 3: its registers are ring 3's, its sp points to the frame
 * that IRET could not load. Returns the pt_regs that an exception in ring 3 would have made, on the kernel stack. The two
 * may overlap, the new one lying higher.
 */
struct pt_regs *adopt_bad_iret(struct pt_regs *fault)
{
	struct pt_regs *regs = task_pt_regs(current);
	const u64 *frame = (const u64 *)fault->sp;
	u64 ip = frame[0], cs = frame[1], flags = frame[2], sp = frame[3], ss = frame[4];
	memmove(regs, fault, offsetof(struct pt_regs, ip));
	regs->ip = ip;
	regs->cs = cs | 3; /* IRET went to ring 3, or it would not have been taken for this one */
	regs->flags = flags;
	regs->sp = sp;
	regs->ss = ss;
	return regs;
}
