/* What keeps one NMI from interrupting another (docs/interruption.md). */
#ifndef KERNEL_NMI_H
#define KERNEL_NMI_H

#include "entry/pt_regs.h"
#include "lib/types.h"

/*
 * Bytes at the top of the NMI stack that are not the CPU's, and where in them entry_nmi keeps its
 * word, from pt_regs.
 */
#define NMI_STACK_RESERVED 16
#define NMI_IN_SERVICE	   (sizeof(struct pt_regs) + 8)

bool nmi_in_service(const struct pt_regs *regs);
void return_without_iret(struct pt_regs *regs);

#endif
