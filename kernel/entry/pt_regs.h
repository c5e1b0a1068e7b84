/*
 * What an entry path saves of ring 3, lowest address first; the last five words are the CPU's IRET
 * frame.
 */
#ifndef KERNEL_PT_REGS_H
#define KERNEL_PT_REGS_H

#include "lib/types.h"

struct pt_regs {
	u64 r15, r14, r13, r12, bp, bx;
	u64 r11, r10, r9, r8, ax, cx, dx, si, di;
	u64 orig_ax; /* system call number, or the exception's error code */
	u64 ip, cs, flags, sp;
	union {
		struct {
			u16 ss, ss_flags;
		};
		u32 ss_alone; /* writes ss and clears ss_flags */
	};
	u32 event; /* this and ss_flags are FRED's (fred.h), else zero */
};
_Static_assert(sizeof(struct pt_regs) == 21 * sizeof(u64), "the CPU pushes words");

static inline bool from_user(const struct pt_regs *regs)
{
	return regs->cs & 3;
}

#endif
