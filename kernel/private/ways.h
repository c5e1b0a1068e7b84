/* What eb_ways (include/entrybench/ways.h) has set up for the program, as the paths themselves ask it. */
#ifndef KERNEL_WAYS_H
#define KERNEL_WAYS_H

#include <entrybench/ways.h>

#include "cpu/cpu.h"
#include "entry/pt_regs.h"
#include "lib/types.h"

struct ways {
	u32 landing_pad; /* where the 32-bit fast calls return to; Linux has an address in the vDSO */
	u32 fixups;	 /* a bit a vector: these exceptions go on some bytes further */
	u8 fixup_length[32]; /* by so many */
	u64 fixup_count;
	u64 interrupt_count;
	volatile bool nmi_awaited;
};
extern struct ways ways;

/* Before each program: nothing that the one before it set up goes on. */
void ways_reset(void);

/* An exception of ring 3, vector below 32: true when the program wanted it to go on, which `regs` now says. */
static inline bool ways_fix_up(struct pt_regs *regs, unsigned vector)
{
	if (!(ways.fixups >> vector & 1))
		return false;
	regs->ip += ways.fixup_length[vector];
	regs->flags &= ~(u64)FLAG_TF; /* a single step is over */
	ways.fixup_count++;
	return true;
}

/* An NMI in ring 0: true when it is the one that the program wanted. */
static inline bool ways_take_nmi(void)
{
	if (!ways.nmi_awaited)
		return false;
	ways.nmi_awaited = false;
	ways.interrupt_count++;
	return true;
}

#endif
