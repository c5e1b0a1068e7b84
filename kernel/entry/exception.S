/*
 * The array of 256 stubs that the IDT points to, and the ordinary entry of exceptions. Interrupts are in interrupt.S, the
 * vectors on IST stacks in paranoid.S.
 *
 * The CPU has pushed ss, rsp, rflags, cs, rip and for some vectors an error code. Next: do_exception(regs, vector) in
 * cpu/traps.c, with IRQs off.
 */
#define PHASE_FIRST 40
#include "calling.h"

	.section .entry.text, "ax"

	.balign 16
	.globl vector_stubs
vector_stubs:
	.set	vector, 0
	.rept	256
	.balign VECTOR_STUB_SIZE
	.set	has_error_code, 0
	.if	vector < 32
	.set	has_error_code, (VECTORS_WITH_ERROR_CODE >> vector) & 1
	.endif
	.if	has_error_code == 0
	pushq	$-1			/* pt_regs->orig_ax: no system call to restart */
	.endif
	pushq	%rdi			/* pt_regs->di */
	movl	$vector, %edi
	.if	vector == VECTOR_NMI
	jmp	entry_nmi
	.elseif	vector == VECTOR_DB
	jmp	entry_debug
	.elseif	vector == VECTOR_MC
	jmp	entry_machine_check
	.elseif	vector == VECTOR_DF
	jmp	entry_double_fault
	.elseif	vector < VECTOR_EXTERNAL
	jmp	entry_exception
	.else
	jmp	entry_interrupt
	.endif
	.set	vector, vector + 1
	.endr
	.balign VECTOR_STUB_SIZE

/* rsp at pt_regs->di, edi = vector; GS and CR3 are those of the code interrupted, which CS tells. */
ENTRY entry_exception
PHASE exception, entry, stamp=0
	cld
	pushq	%rsi			/* pt_regs->si */
	testb	$3, PT_REGS_cs - PT_REGS_si(%rsp)
	jz	.Lfrom_kernel
PHASE exception, swapgs, stamp=0
	swapgs
	FENCE_SWAPGS
PHASE exception, cr3_to_kernel
	SWITCH_TO_KERNEL_CR3 scratch=%rsi
PHASE exception, stack
	ENTRY_STACK_TO_KERNEL_STACK
PHASE exception, save_regs
	CLEAR_AC
	PUSH_AND_CLEAR_REGS ax=%rax pushed=2
PHASE exception, speculation_in
	SPEC_CTRL_TO_KERNEL
	FILL_RETURN_STACK_BUFFER
PHASE exception, dispatch
	movl	%edi, %esi
	movq	%rsp, %rdi
	call	do_exception
	jmp	return_to_user_by_iret
PHASE exception, end, stamp=0

.Lfrom_kernel:
	FENCE_SWAPGS
	IF_LEAVING return_fixup
	CLEAR_AC
	PUSH_AND_CLEAR_REGS ax=%rax pushed=2
	MARK_KERNEL_STACK
	movl	%edi, %esi
	movq	%rsp, %rdi
	call	do_exception
	POP_REGS_EXCEPT_RDI
	popq	%rdi
	addq	$8, %rsp
	iretq
END entry_exception

	.section .note.GNU-stack, "", @progbits
