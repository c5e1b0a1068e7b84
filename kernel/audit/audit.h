/* The parts of eb_audit (include/entrybench/audit.h), and its hooks in the rest of the core. */
#ifndef KERNEL_AUDIT_H
#define KERNEL_AUDIT_H

#include <entrybench/audit.h>

#include "entry/pt_regs.h"
#include "lib/lib.h"
#include "lib/types.h"

/* Without what FRED adds to the selectors. */
static inline void audit_copy_regs(struct eb_regs *to, const struct pt_regs *regs)
{
	memcpy(to, regs, sizeof(*to));
	to->cs = (u16)regs->cs;
	to->ss = regs->ss;
}

/*
 * Asked only about what would otherwise end the program or the kernel, so that no path that is
 * measured comes by: true when a test has asked for it, by EB_AUDIT_CATCH or EB_AUDIT_INTERRUPT,
 * and the CPU may go on with `regs`. `cr3` and `gs` are as do_paranoid() has them, 0 from ring 3.
 */
bool audit_takes(struct pt_regs *regs, unsigned vector, u64 cr3, u64 gs);

/* What DR6 said of the trap at `regs`; DR6 is clear afterwards. */
u64 audit_take_dr6(const struct pt_regs *regs, unsigned vector);

/* Before each program: nothing that the one before it set up goes on. */
void audit_reset(void);

/* No breakpoint, nothing caught. */
void audit_stop(void);

/* Operations: arguments and results as in the contract. */
s64 audit_range(u64 table, u64 from, u64 to);
s64 audit_stack_dirty(void);
s64 audit_stack_find(u64 inverted_secret);
s64 audit_stacks_find(u64 inverted_secret);
s64 audit_stack_plant(u64 how, u64 depth, u64 secret);
s64 audit_stack_mark(void);
s64 audit_stack_fill(void);
s64 audit_catch(u64 ip, u64 sp);
s64 audit_traps(u64 to, u64 n);
s64 audit_break(u64 index, u64 address);

s64 audit_interrupt(u64 from);
s64 audit_interrupted(u64 to);
s64 audit_divert(u64 vector, u64 to);
s64 audit_raise(u64 vector, u64 how);

/*
 * Interruptions that EB_AUDIT_INTERRUPT asked for: true when this is one (see audit_takes()).
 * audit_keeps_nmis_out(): whether the one just served is to return without IRET.
 */
bool audit_interruption(struct pt_regs *regs, unsigned vector, u64 cr3, u64 gs);
extern bool audit_armed; /* one was asked for, and the breakpoints are in use for it */
bool audit_keeps_nmis_out(void);

/*
 * An interrupt in ring 0 stepped through (audit_step.c): from its second instruction on; whether
 * the #DB at `regs` is a step.
 */
enum audit_step { AUDIT_NO_STEP, AUDIT_STEP, AUDIT_STEP_THERE };
void audit_step_start(void);
void audit_step_interrupt(void);
enum audit_step audit_step(struct pt_regs *regs, u64 at);

/* None, and no gate diverted. */
void audit_interrupt_stop(void);

/* Leaves `secret` at `at`, below the stack pointer, and returns where (audit_plant.S). */
u64 audit_plant_chain(u64 secret, u64 at);

#endif
