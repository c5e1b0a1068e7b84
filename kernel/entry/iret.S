/*
 * The way out that can return to any state of ring 3: system calls that SYSRET cannot serve,
 * exceptions, interrupts, and the first entry into a program. Needs: rsp = pt_regs on the kernel
 * stack, IRQs off, kernel CR3 and GS.
 */
#define PHASE_FIRST 24
#include "calling.h"

	.section .entry.text, "ax"

	.balign 16
	.globl return_to_user_from_c
return_to_user_from_c:			/* by a pointer, and goes on */
	ENDBR_BEFORE return_to_user_by_iret

ENTRY return_to_user_by_iret
PHASE iret, speculation_out
	BARRIER_AFTER_GUEST
	CLEAR_DIVIDER
	SPEC_CTRL_TO_USER
PHASE iret, restore_regs
	POP_REGS_EXCEPT_RDI
PHASE iret, trampoline
	TO_TRAMPOLINE_FOR_IRET
PHASE iret, erase
	ERASE_KERNEL_STACK
PHASE iret, espfix
	TO_MINISTACK_FOR_LDT
PHASE iret, cr3_to_user
	SWITCH_TO_USER_CR3 scratch=%rdi
PHASE iret, leave
	FROM_TRAMPOLINE_FOR_IRET
	swapgs
	CLEAR_CPU_BUFFERS
	.globl iret_to_user
iret_to_user:				/* a fault here goes on in return_fixup.S */
	iretq
PHASE iret, end, stamp=0
END return_to_user_by_iret

	.section .note.GNU-stack, "", @progbits
