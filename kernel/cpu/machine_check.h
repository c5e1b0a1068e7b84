/* What the CPU says of a machine check (SDM 3B chapter 16). */
#ifndef KERNEL_MACHINE_CHECK_H
#define KERNEL_MACHINE_CHECK_H

#include "entry/pt_regs.h"
#include "lib/types.h"

/* Whether one is in progress; it is over then, and the next may come. */
bool machine_check_take(void);

/* The end: says what the banks say. */
__noreturn void machine_check_panic(const struct pt_regs *regs);

#endif
