/*
 * The array of 256 stubs that the IDT points to, and the ordinary entry of exceptions. Interrupts
 * are in interrupt.S, the vectors on IST stacks in paranoid.S.
 *
 * The CPU has pushed ss, rsp, rflags, cs, rip and for some vectors an error code. Next:
 * do_exception(regs, vector) in cpu/traps.c, with IRQs off.
 */
#define PHASE_FIRST 40
#include "calling.h"
#include "idt_entry.h"

	.section .entry.text, "ax"

	.balign 16
	.globl vector_stubs
vector_stubs:
	.set	vector, 0
	.rept	256
	.balign VECTOR_STUB_SIZE
	ENDBR
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

IDT_ENTRY exception, function=do_exception

	.section .note.GNU-stack, "", @progbits
