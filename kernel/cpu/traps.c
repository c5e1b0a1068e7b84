/* Exceptions in C: what the kernel mends, what ends the program, what ends the kernel. */
#include "audit/audit.h"
#include "boot/boot.h"
#include "cpu/cpu.h"
#include "cpu/machine_check.h"
#include "cpu/nmi.h"
#include "cpu/percpu.h"
#include "entry/erase.h"
#include "entry/variant.h"
#include "lib/lib.h"
#include "memory/vm.h"
#include "mm/mm.h"
#include "private/mechanism.h"
#include "signal/fault.h"
#include "signal/signal.h"
#include "syscall/syscall.h"
#include "task/process.h"
#include "task/task.h"

void do_exception(struct pt_regs *regs, unsigned vector);
bool do_paranoid(struct pt_regs *regs, unsigned vector, u64 cr3, u64 gs);

/* SDM 3A table 6-1 */
const char *exception_name(unsigned vector)
{
	static const char *const names[VECTOR_EXTERNAL] = {
	    [VECTOR_DE] = "#DE", [VECTOR_DB] = "#DB", [VECTOR_NMI] = "NMI", [VECTOR_BP] = "#BP",
	    [VECTOR_OF] = "#OF", [VECTOR_BR] = "#BR", [VECTOR_UD] = "#UD",  [VECTOR_NM] = "#NM",
	    [VECTOR_DF] = "#DF", [VECTOR_TS] = "#TS", [VECTOR_NP] = "#NP",  [VECTOR_SS] = "#SS",
	    [VECTOR_GP] = "#GP", [VECTOR_PF] = "#PF", [VECTOR_MF] = "#MF",  [VECTOR_AC] = "#AC",
	    [VECTOR_MC] = "#MC", [VECTOR_XM] = "#XM", [21] = "#CP",
	};
	if (vector >= VECTOR_EXTERNAL)
		return "interrupt";
	return names[vector] ? names[vector] : "reserved exception";
}

/* An exception of ring 3 that nothing mended. */
static void raise(struct pt_regs *regs, unsigned vector, enum vm_fault why)
{
	if (vector == VECTOR_PF)
		fault_raise_page(regs, regs->orig_ax, read_cr2(), why);
	else
		fault_raise(regs, vector, regs->orig_ax == -1ull ? 0 : regs->orig_ax);
}

static enum vm_fault page_fault(struct pt_regs *regs)
{
	u64 address = read_cr2();
	/* Only the marked accesses of uaccess.S may touch ring 3's memory from ring 0. */
	bool allowed = from_user(regs) || extable_find(regs->ip);
	return allowed && address < USER_END ? vm_fault(address, regs->orig_ax) : VM_FAULT_NO_AREA;
}

static __noreturn void unexpected(const struct pt_regs *regs, unsigned vector)
{
	if (vector == VECTOR_MC)
		machine_check_panic(regs);
	panic(regs, "%s (vector %u) in ring 0", exception_name(vector), vector);
}

static void serve(struct pt_regs *regs, unsigned vector)
{
	/* IRET would let the next NMI in: what an NMI runs into must not be served */
	if (!from_user(regs) && unlikely(nmi_in_service(regs)))
		panic(regs, "%s (vector %u) in an NMI", exception_name(vector), vector);
	enum vm_fault why = vector == VECTOR_PF ? page_fault(regs) : VM_FAULT_NO_AREA;
	if (why == VM_FAULT_DONE) {
		process.minor_faults++;
		return;
	}
	if (unlikely(audit_armed) && from_user(regs) && audit_interruption(regs, vector, 0, 0))
		return;
	if (from_user(regs) && mechanism_fix_up(regs, vector))
		return;
	if (audit_trap(regs, vector))
		return;
	if (from_user(regs) && vector != VECTOR_MC) {
		raise(regs, vector, why);
		return;
	}
	u64 fixup = extable_find(regs->ip);
	if (!fixup)
		unexpected(regs, vector);
	regs->ip = fixup;
}

void do_exception(struct pt_regs *regs, unsigned vector)
{
	serve(regs, vector);
	if (from_user(regs) && unlikely(current->work & WORK_LOOP_MASK)) {
		regs->orig_ax = -1; /* was the error code: no system call to restart */
		exit_work(regs);
	}
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

/*
 * NMI, #DB, #MC, #DF in ring 0, on their IST stacks. Apart from do_exception(): a breakpoint there must not meet itself. `cr3`
 * and `gs` are what the entry found: CR3 where there are two tables, and whether GS was the kernel's. Returns whether the way
 * back is IRET.
 */
bool do_paranoid(struct pt_regs *regs, unsigned vector, u64 cr3, u64 gs)
{
	bool keep_nmis_out = vector != VECTOR_NMI && nmi_in_service(regs);
	if (vector == VECTOR_DB && is_step_of_ring3(regs))
		write_dr6(DR6_CLEAR);
	else if (audit_interruption(regs, vector, cr3, gs))
		keep_nmis_out |= audit_keeps_nmis_out();
	else if (!(vector == VECTOR_NMI && mechanism_take_nmi()) && !audit_trap(regs, vector))
		unexpected(regs, vector);
	if (keep_nmis_out)
		return_without_iret(regs);
	return !keep_nmis_out;
}
