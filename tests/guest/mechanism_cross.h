/*
 * mechanism_cross.S: one crossing by each way in other than SYSCALL, all registers loaded before
 * and stored after.
 */
#ifndef GUEST_MECHANISM_CROSS_H
#define GUEST_MECHANISM_CROSS_H

#include <stdint.h>

void cross_by_int80(void);
void cross_by_int3(void);
void cross_by_interrupt_gate(void);
void cross_by_call_gate(void);
void cross_by_syscall_32(void);
void cross_by_sysenter(void);

/* Where the 32-bit ways land, and the stack that they use. */
extern const char cross_by_syscall_32_pad[], cross_by_sysenter_pad[];
extern uint32_t mechanism_stack_end[];

#endif
