/* Exceptions of ring 3 that become signals. */
#ifndef KERNEL_FAULT_H
#define KERNEL_FAULT_H

#include "entry/pt_regs.h"
#include "lib/types.h"
#include "memory/vm.h"

const char *exception_name(unsigned vector);

/* The current task, whose `regs` these are, gets the signal of the exception on its way out. */
void fault_raise(struct pt_regs *regs, unsigned vector, u64 error_code);
void fault_raise_page(struct pt_regs *regs, u64 error_code, u64 address, enum vm_fault why);

#endif
