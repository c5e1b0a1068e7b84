/*
 * Where the entry paths arrive in C, besides SYSCALL (syscall.h). All are called with IRQs off and
 * return so.
 */
#ifndef KERNEL_TRAPS_H
#define KERNEL_TRAPS_H

#include "entry/pt_regs.h"
#include "lib/types.h"

/*
 * cpu/traps.c: an exception, with its error code, if any, in regs->orig_ax, else -1; and an
 * interrupt (cpu/interrupts.c).
 */
void do_exception(struct pt_regs *regs, unsigned vector);
void do_interrupt(struct pt_regs *regs, unsigned vector);

/* cpu/fred.c: all that FRED has to tell, from ring 3 and from ring 0. */
void do_fred_ring3(struct pt_regs *regs);
void do_fred_ring3_switch(struct pt_regs *regs);
void do_fred_ring0(struct pt_regs *regs);

/*
 * Exceptions by FRED, which have address and DR6 in their event data: of ring 3; its NMI; of ring
 * 0.
 */
void fred_exception(struct pt_regs *regs, unsigned vector);
void fred_nmi(struct pt_regs *regs);
void fred_exception_in_ring0(struct pt_regs *regs, unsigned vector);

/* And NMI, #DB, #MC, #DF in ring 0, on stacks of their own. */
void fred_paranoid(struct pt_regs *regs, unsigned vector);

/* syscall/compat.c. The last two say whether the fast way out restores what `regs` says. */
void do_int80(struct pt_regs *regs);
void do_int80_checked(struct pt_regs *regs, unsigned vector);
bool do_syscall_32(struct pt_regs *regs);
bool do_sysenter(struct pt_regs *regs);

#endif
