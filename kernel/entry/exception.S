/*
 * Exceptions and interrupts through the IDT: 256 stubs, the ordinary entry, and the paranoid entry for vectors on IST
 * stacks, which may arrive between any two instructions, those of the entry code included.
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
	.if	vector == VECTOR_NMI || vector == VECTOR_DB || vector == VECTOR_MC || vector == VECTOR_DF
	jmp	entry_paranoid
	.else
	jmp	entry_exception
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
	leaq	iret_to_user(%rip), %rsi
	cmpq	%rsi, PT_REGS_ip - PT_REGS_si(%rsp)
	je	.Lbad_iret
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

/*
 * The IRET to ring 3 itself faulted: GS, and with KPTI CR3, are ring 3's already, and every other register too. What it
 * could not load is ring 3's state all the same, so the fault is reported as ring 3's own: adopt_bad_iret() makes the
 * pt_regs that an entry from ring 3 would have made, at the top of the kernel stack.
 */
.Lbad_iret:
	swapgs
	FENCE_SWAPGS
	SWITCH_TO_KERNEL_CR3 scratch=%rsi
	PUSH_AND_CLEAR_REGS ax=%rax pushed=2
	SPEC_CTRL_TO_KERNEL
	movl	%edi, %r12d		/* C preserves it */
	movq	%rsp, %rdi
	call	adopt_bad_iret
	movq	%rax, %rsp
	movq	%rax, %rdi
	movl	%r12d, %esi
	call	do_exception
	jmp	return_to_user_by_iret
END entry_exception

/*
 * The same for vectors on an IST stack. CS says nothing here: the vector may have hit ring 0 before its SWAPGS or after the
 * one on the way out. So GS base itself is asked, the kernel's is negative (that ring 3's is not is what CR4.FSGSBASE = 0
 * and arch_prctl ensure), and CR3 is saved and put back as it was.
 */
ENTRY entry_paranoid
PHASE paranoid, save_regs, stamp=0
	cld
	pushq	%rsi			/* pt_regs->si */
	PUSH_AND_CLEAR_REGS ax=%rax pushed=2
PHASE paranoid, cr3_to_kernel, stamp=0
	SAVE_AND_SWITCH_TO_KERNEL_CR3 scratch=%rax save=%r14
PHASE paranoid, swapgs, stamp=0
	movl	$1, %ebx		/* GS base is the kernel's already */
	movl	$MSR_GS_BASE, %ecx
	rdmsr
	testl	%edx, %edx
	js	.Lkernel_gs
	swapgs
	xorl	%ebx, %ebx
.Lkernel_gs:
	FENCE_SWAPGS
	CLEAR_AC
PHASE paranoid, speculation_in, stamp=0
	SPEC_CTRL_TO_KERNEL_SAVING save=%r15d
PHASE paranoid, dispatch, stamp=0
	movl	%edi, %esi
	movq	%rsp, %rdi
	call	do_exception
PHASE paranoid, speculation_out, stamp=0
	SPEC_CTRL_RESTORE save=%r15d
PHASE paranoid, cr3_to_user, stamp=0
	RESTORE_CR3 save=%r14
PHASE paranoid, leave, stamp=0
	testl	%ebx, %ebx
	jnz	.Lkeep_gs
	swapgs
	CLEAR_CPU_BUFFERS
.Lkeep_gs:
	POP_REGS_EXCEPT_RDI
	popq	%rdi
	addq	$8, %rsp		/* orig_ax */
	iretq
PHASE paranoid, end, stamp=0
END entry_paranoid

	.section .note.GNU-stack, "", @progbits
