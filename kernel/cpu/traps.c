/* Exceptions in C: what the kernel mends, what ends the program, what ends the kernel. */
#include "audit/audit.h"
#include "boot/boot.h"
#include "cpu/cpu.h"
#include "cpu/machine_check.h"
#include "cpu/nmi.h"
#include "cpu/percpu.h"
#include "cpu/umip.h"
#include "entry/erase.h"
#include "entry/variant.h"
#include "lib/lib.h"
#include "memory/vm.h"
#include "mm/mm.h"
#include "private/mechanism.h"
#include "signal/fault.h"
#include "signal/signal.h"
#include "syscall/kcfi.h"
#include "syscall/syscall.h"
#include "task/process.h"
#include "task/task.h"
#include "cpu/fred.h"
#include "cpu/traps.h"

bool do_paranoid(struct pt_regs *regs, unsigned vector, u64 cr3, u64 gs);

/* SDM 3A table 6-1 */
const char *exception_name(unsigned vector)
{
	static const char *const names[VECTOR_EXTERNAL] = {
	    [VECTOR_DE] = "#DE", [VECTOR_DB] = "#DB", [VECTOR_NMI] = "NMI", [VECTOR_BP] = "#BP",
	    [VECTOR_OF] = "#OF", [VECTOR_BR] = "#BR", [VECTOR_UD] = "#UD",  [VECTOR_NM] = "#NM",
	    [VECTOR_DF] = "#DF", [VECTOR_TS] = "#TS", [VECTOR_NP] = "#NP",  [VECTOR_SS] = "#SS",
	    [VECTOR_GP] = "#GP", [VECTOR_PF] = "#PF", [VECTOR_MF] = "#MF",  [VECTOR_AC] = "#AC",
	    [VECTOR_MC] = "#MC", [VECTOR_XM] = "#XM", [VECTOR_CP] = "#CP",
	};
	if (vector >= VECTOR_EXTERNAL)
		return "interrupt";
	return names[vector] ? names[vector] : "reserved exception";
}

static __noreturn void unexpected(const struct pt_regs *regs, unsigned vector)
{
	if (vector == VECTOR_MC)
		machine_check_panic(regs);
	if (vector == VECTOR_UD && kcfi_refused(regs->ip))
		panic(regs, "an indirect call that does not fit the type of what it leads to");
	panic(regs, "%s (vector %u) in ring 0", exception_name(vector), vector);
}

static inline __attribute__((always_inline)) u64 fault_address(const struct pt_regs *regs,
							       bool fred)
{
	return fred ? fred_data(regs) : read_cr2();
}

static enum vm_fault page_fault(const struct pt_regs *regs, u64 address)
{
	if (address >= USER_END)
		return VM_FAULT_NO_AREA;
	enum vm_fault fault = vm_fault(address, regs->orig_ax);
	if (fault == VM_FAULT_DONE)
		process.minor_faults++;
	return fault;
}

/* Of ring 3. Compiled once for the IDT and once for FRED, as serve_ring0() is. */
static inline __attribute__((always_inline)) void serve_ring3(struct pt_regs *regs, unsigned vector,
							      bool fred)
{
	enum vm_fault why = VM_FAULT_NO_AREA;
	if (vector == VECTOR_PF) {
		why = page_fault(regs, fault_address(regs, fred));
		if (why == VM_FAULT_DONE)
			return;
	}
	if (mechanism_fix_up(regs, vector))
		return;
	if (vector == VECTOR_PF) {
		fault_raise_page(regs, regs->orig_ax, fault_address(regs, fred), why);
	} else if (vector == VECTOR_MC) {
		if (!audit_takes(regs, vector, 0, 0))
			unexpected(regs, vector);
	} else if (vector != VECTOR_GP || !cpu.umip || !umip_emulate(regs)) {
		fault_raise(regs, vector, regs->orig_ax == -1ull ? 0 : regs->orig_ax);
	}
}

/* Of ring 0: only the marked accesses of uaccess.S may touch ring 3's memory, or fault at all. */
static inline __attribute__((always_inline)) void serve_ring0(struct pt_regs *regs, unsigned vector,
							      bool fred)
{
	u64 fixup = extable_find(regs->ip);
	if (fixup && vector == VECTOR_PF &&
	    page_fault(regs, fault_address(regs, fred)) == VM_FAULT_DONE)
		return;
	if (fixup)
		regs->ip = fixup;
	else if (!audit_takes(regs, vector, 0, 0))
		unexpected(regs, vector);
}

static inline void leave(struct pt_regs *regs)
{
	if (unlikely(current->work & WORK_LOOP_MASK)) {
		regs->orig_ax = -1; /* was the error code: no system call to restart */
		exit_work(regs);
	}
}

void do_exception(struct pt_regs *regs, unsigned vector)
{
	if (from_user(regs)) {
		serve_ring3(regs, vector, false);
		leave(regs);
		return;
	}
	/* IRET would let the next NMI in: what an NMI runs into must not be served */
	if (unlikely(nmi_in_service(regs)))
		panic(regs, "%s (vector %u) in an NMI", exception_name(vector), vector);
	serve_ring0(regs, vector, false);
}

/* DR6 is for the rest of the core, wherever the CPU leaves what it says. */
static void put_into_dr6(const struct pt_regs *regs)
{
	write_dr6(DR6_CLEAR | fred_data(regs));
}

void fred_exception(struct pt_regs *regs, unsigned vector)
{
	if (unlikely(vector == VECTOR_DF))
		panic(regs, "#DF: nothing can be pushed on the kernel stack");
	if (vector == VECTOR_DB)
		put_into_dr6(regs);
	serve_ring3(regs, vector, true);
	leave(regs);
}

/* What waits may take its time, and be another task's turn: NMIs come again before it. */
void fred_nmi(struct pt_regs *regs)
{
	serve_ring3(regs, VECTOR_NMI, true);
	if (current->work & WORK_LOOP_MASK) {
		regs->ss_flags &= ~SS_NMI;
		entry_variant.unblock_nmis();
		leave(regs);
	}
}

void fred_exception_in_ring0(struct pt_regs *regs, unsigned vector)
{
	serve_ring0(regs, vector, true);
}

/*
 * Ring 3's TF in ring 0: SYSENTER and a call gate leave it set, and where the CPU traps after
 * SYSCALL itself (Bochs does; SFMASK has cleared TF by then) so it does once more. The step is not
 * the kernel's. Ring 3 gets it on the way out, from the TF in its own flags.
 *
 * Where SFMASK lets TF through, this clears it, and says so to a way out that does not look at
 * those flags. The trap comes before the entry's first instruction, or behind it where a machine
 * check came between: but TF is never the kernel's own.
 */
static bool take_step_of_ring3(struct pt_regs *regs)
{
	const struct entry_variant *v = &entry_variant;
	u64 ip = regs->ip;
	bool kept =
	    at_gate(ip, v->call_gate) || (ip >= (u64)v->sysenter && ip < (u64)v->sysenter_end);
	if (!(read_dr6() & DR6_STEP))
		return false;
	if (!kept && v->step_in_syscall && regs->flags & FLAG_TF) {
		regs->flags &= ~(u64)FLAG_TF;
		current->work |= WORK_STEP;
	} else if (!kept && ip != (u64)v->syscall_64 && ip != (u64)v->syscall_32) {
		return false;
	}
	write_dr6(DR6_CLEAR);
	return true;
}

/* Whether NMIs stay blocked behind it: a test may want that. */
static inline bool serve_anywhere(struct pt_regs *regs, unsigned vector, u64 cr3, u64 gs)
{
	if (vector == VECTOR_NMI && mechanism_take_nmi())
		return false;
	if (!audit_takes(regs, vector, cr3, gs))
		unexpected(regs, vector);
	return audit_keeps_nmis_out();
}

/*
 * NMI, #DB, #MC, #DF in ring 0, on their IST stacks. Apart from do_exception(): a breakpoint there
 * must not meet itself. `cr3` and `gs` are what the entry found: CR3 where there are two tables,
 * and whether GS was the kernel's. Returns whether the way back is IRET.
 */
bool do_paranoid(struct pt_regs *regs, unsigned vector, u64 cr3, u64 gs)
{
	bool keep_nmis_out = vector != VECTOR_NMI && nmi_in_service(regs);
	if (vector != VECTOR_DB || !take_step_of_ring3(regs))
		keep_nmis_out |= serve_anywhere(regs, vector, cr3, gs);
	if (keep_nmis_out)
		return_without_iret(regs);
	return !keep_nmis_out;
}

void fred_paranoid(struct pt_regs *regs, unsigned vector)
{
	if (vector == VECTOR_DB)
		put_into_dr6(regs);
	if (serve_anywhere(regs, vector, 0, 0))
		regs->ss_flags &= ~SS_NMI;
}
