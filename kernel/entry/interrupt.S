/*
 * Interrupts of devices: what every vector of the array of stubs that nobody else took leads to. As an exception, but the
 * instruction interrupted has nothing to do with it.
 *
 * The CPU has pushed ss, rsp, rflags, cs, rip, cleared IF and TF; the stub has pushed orig_ax and rdi.
 * Next: do_interrupt(regs, vector) in cpu/interrupts.c, with IRQs off.
 */
#define PHASE_FIRST 112
#include "calling.h"

	.section .entry.text, "ax"

/* rsp at pt_regs->di, edi = vector; GS and CR3 are those of the code interrupted, which CS tells. */
ENTRY entry_interrupt
PHASE interrupt, entry, stamp=0
	cld
	pushq	%rsi			/* pt_regs->si */
	testb	$3, PT_REGS_cs - PT_REGS_si(%rsp)
	jz	.Lfrom_kernel
PHASE interrupt, swapgs, stamp=0
	swapgs
	FENCE_SWAPGS
PHASE interrupt, cr3_to_kernel
	SWITCH_TO_KERNEL_CR3 scratch=%rsi
PHASE interrupt, stack
	ENTRY_STACK_TO_KERNEL_STACK
PHASE interrupt, save_regs
	CLEAR_AC
	PUSH_AND_CLEAR_REGS ax=%rax pushed=2
PHASE interrupt, speculation_in
	SPEC_CTRL_TO_KERNEL
	FILL_RETURN_STACK_BUFFER
PHASE interrupt, dispatch
	movl	%edi, %esi
	movq	%rsp, %rdi
	call	do_interrupt
	jmp	return_to_user_by_iret
PHASE interrupt, end, stamp=0

.Lfrom_kernel:
	FENCE_SWAPGS
	IF_LEAVING return_fixup
	CLEAR_AC
	PUSH_AND_CLEAR_REGS ax=%rax pushed=2
	MARK_KERNEL_STACK
	movl	%edi, %esi
	movq	%rsp, %rdi
	call	do_interrupt
	POP_REGS_EXCEPT_RDI
	popq	%rdi
	addq	$8, %rsp
	iretq
END entry_interrupt

	.section .note.GNU-stack, "", @progbits
