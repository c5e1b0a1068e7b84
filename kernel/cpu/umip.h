/* Instructions of ring 3 that CR4.UMIP forbids. */
#ifndef KERNEL_UMIP_H
#define KERNEL_UMIP_H

#include "entry/pt_regs.h"
#include "lib/types.h"

/*
 * After a #GP of ring 3: whether it was one of them. It is done then, or the program has the signal
 * of its bad operand.
 */
bool umip_emulate(struct pt_regs *regs);

#endif
