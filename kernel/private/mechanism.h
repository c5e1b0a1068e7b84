/*
 * What eb_mechanism (include/entrybench/mechanism.h) has set up for the program, as the paths
 * themselves ask it.
 */
#ifndef KERNEL_MECHANISM_H
#define KERNEL_MECHANISM_H

#include <entrybench/mechanism.h>

#include "cpu/cpu.h"
#include "entry/pt_regs.h"
#include "lib/types.h"

struct mechanism {
	u32 landing_pad; /* where the 32-bit fast calls return to; on Linux that is in the vDSO */
	u32 fixups;	 /* a bit a vector: these exceptions go on some bytes further */
	u8 fixup_length[32]; /* by so many */
	bool gates_open;     /* the empty call and interrupt gates are ring 3's */
	u64 fixup_count;
	u64 interrupt_count;
	volatile bool nmi_awaited;
};
extern struct mechanism mechanism;

/* Before each program: nothing that the one before it set up goes on. */
void mechanism_reset(void);

/*
 * An exception of ring 3, vector below 32: true when the program wanted it to go on, which `regs`
 * now says.
 */
static inline bool mechanism_fix_up(struct pt_regs *regs, unsigned vector)
{
	if (!(mechanism.fixups >> vector & 1))
		return false;
	regs->ip += mechanism.fixup_length[vector];
	regs->flags &= ~(u64)FLAG_TF; /* a single step is over */
	mechanism.fixup_count++;
	return true;
}

/* An NMI in ring 0: true when it is the one that the program wanted. */
static inline bool mechanism_take_nmi(void)
{
	if (!mechanism.nmi_awaited)
		return false;
	mechanism.nmi_awaited = false;
	mechanism.interrupt_count++;
	return true;
}

#endif
