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
	    [VECTOR_MC] = "#MC", [VECTOR_XM] = "#XM", [21] = "#CP",
	};
	if (vector >= VECTOR_EXTERNAL)
		return "interrupt";
	return names[vector] ? names[vector] : "reserved exception";
}

static enum vm_fault page_fault(struct pt_regs *regs, u64 address)
{
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

/* Who calls serve(): the IDT's entries know nothing but what CS says, FRED's two know where they come from. */
enum origin { BY_IDT, FRED_RING3, FRED_RING0 };

static inline __attribute__((always_inline)) bool is_ring3(const struct pt_regs *regs,
							   enum origin origin)
{
	return origin == FRED_RING3 || (origin == BY_IDT && from_user(regs));
}

static inline __attribute__((always_inline)) u64 fault_address(const struct pt_regs *regs,
							       enum origin origin)
{
	return origin == BY_IDT ? read_cr2() : fred_data(regs);
}

/* An exception of ring 3 that nothing mended. */
static inline __attribute__((always_inline)) void raise(struct pt_regs *regs, unsigned vector,
							enum vm_fault why, enum origin origin)
{
	if (vector == VECTOR_PF)
		fault_raise_page(regs, regs->orig_ax, fault_address(regs, origin), why);
	else
		fault_raise(regs, vector, regs->orig_ax == -1ull ? 0 : regs->orig_ax);
}

/* Compiled once for each origin: none asks which one it is. */
static inline __attribute__((always_inline)) void serve(struct pt_regs *regs, unsigned vector,
							enum origin origin)
{
	/* IRET would let the next NMI in: what an NMI runs into must not be served */
	if (origin == BY_IDT && !from_user(regs) && unlikely(nmi_in_service(regs)))
		panic(regs, "%s (vector %u) in an NMI", exception_name(vector), vector);
	enum vm_fault why =
	    vector == VECTOR_PF ? page_fault(regs, fault_address(regs, origin)) : VM_FAULT_NO_AREA;
	if (why == VM_FAULT_DONE) {
		process.minor_faults++;
		return;
	}
	if (unlikely(audit_armed) && is_ring3(regs, origin) &&
	    audit_interruption(regs, vector, 0, 0))
		return;
	if (is_ring3(regs, origin) && mechanism_fix_up(regs, vector))
		return;
	if (audit_trap(regs, vector))
		return;
	if (is_ring3(regs, origin) && vector == VECTOR_GP && cpu.umip && umip_emulate(regs))
		return;
	if (is_ring3(regs, origin) && vector != VECTOR_MC) {
		raise(regs, vector, why, origin);
		return;
	}
	u64 fixup = extable_find(regs->ip);
	if (!fixup)
		unexpected(regs, vector);
	regs->ip = fixup;
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
	serve(regs, vector, BY_IDT);
	if (from_user(regs))
		leave(regs);
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
	serve(regs, vector, FRED_RING3);
	leave(regs);
}

/* What waits may take its time, and be another task's turn: NMIs come again before it. */
void fred_nmi(struct pt_regs *regs)
{
	serve(regs, VECTOR_NMI, FRED_RING3);
	if (current->work & WORK_LOOP_MASK) {
		regs->ss_flags &= ~SS_NMI;
		entry_variant.unblock_nmis();
		leave(regs);
	}
}

void fred_exception_in_ring0(struct pt_regs *regs, unsigned vector)
{
	serve(regs, vector, FRED_RING0);
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

/* Whether NMIs stay blocked behind it: a test may want that. */
static inline bool serve_anywhere(struct pt_regs *regs, unsigned vector, u64 cr3, u64 gs)
{
	if (audit_interruption(regs, vector, cr3, gs))
		return audit_keeps_nmis_out();
	if (!(vector == VECTOR_NMI && mechanism_take_nmi()) && !audit_trap(regs, vector))
		unexpected(regs, vector);
	return false;
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
	else
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
