/* The parts of eb_audit (include/entrybench/audit.h), and its hooks in the rest of the core. */
#ifndef KERNEL_AUDIT_H
#define KERNEL_AUDIT_H

#include <entrybench/audit.h>

#include "pt_regs.h"
#include "types.h"

/* Puts into ring 3's registers what EB_AUDIT_EXIT_WITH asked for. */
void audit_change_regs(struct pt_regs *regs);

/* A trap that nothing else can serve: true when a test waited for it and the CPU may go on with `regs`. */
bool audit_trap(struct pt_regs *regs, unsigned vector);

/* Before each program: nothing that the one before it set up goes on. */
void audit_reset(void);

/* No breakpoint, nothing caught. */
void audit_stop(void);

/* Operations: arguments and results as in the contract. */
s64 audit_range(u64 table, u64 from, u64 to);
s64 audit_stack_dirty(void);
s64 audit_stack_find(u64 inverted_secret);
s64 audit_stack_plant(u64 how, u64 depth, u64 secret);
s64 audit_catch(u64 ip, u64 sp);
s64 audit_traps(u64 to, u64 n);
s64 audit_break(u64 index, u64 address);

/* Leaves `secret` at `at`, below the stack pointer, and returns where (audit_plant.S). */
u64 audit_plant_chain(u64 secret, u64 at);

#endif
