/*
 * Crossings by the ways in other than SYSCALL, in the manner of lib/cross.S: cross_in is what goes
 * in, cross_out what comes out. Those of 32-bit code run on mechanism_stack, below 4 GiB.
 */
#include "lib/cross_macros.h"

#include <entrybench/mechanism.h>

#define SIXTH_ARGUMENT 0xcafe1234 /* as in mechanism_check.h */
#define EBP_WORD 16 /* bytes below the end of mechanism_stack: where ebp points to */

	.macro CROSS_WAY name how:vararg
	.globl	\name
	.type	\name, @function
\name:
	SAVE
	movq	%rsp, cross_in + RSP(%rip)
	LOAD_ALL
	popfq
	\how
	.globl	\name\()_back
\name\()_back:
	STORE_ALL
	RESTORE
	ret
	.size	\name, . - \name
	.endm

/*
 * rip after the way in is \name_pad. Jumps by SS, since DS and ES are null. TF, if set, steps over
 * the way in.
 */
	.macro CROSS_32 name how:vararg
	.globl	\name
	.type	\name, @function
\name:
	SAVE
	movq	%rsp, old_stack(%rip)
	leaq	mechanism_stack_end - EBP_WORD(%rip), %rsp
	movq	%rsp, cross_in + RSP(%rip)
	addq	$4, %rsp
	LOAD_ALL
	ljmp	*\name\()_to
	.code32
\name\()_32:
	movl	$SIXTH_ARGUMENT, 4(%esp)
	popfl				/* of eight bytes pushed: now esp is what cross_in says */
	\how
	.globl	\name\()_pad
\name\()_pad:
	ljmp	*%ss:\name\()_from
	.code64
\name\()_64:
	STORE_ALL
	movq	old_stack(%rip), %rsp
	RESTORE
	ret
	.size	\name, . - \name
	.pushsection .rodata
	.balign	8
\name\()_to:
	.long	\name\()_32
	.short	0x23
	.balign	8
\name\()_from:
	.long	\name\()_64
	.short	0x33
	.popsection
	.endm

	.text
	CROSS_WAY cross_by_int80 int $0x80
	CROSS_WAY cross_by_int3 int3
	CROSS_WAY cross_by_interrupt_gate int $EB_INTERRUPT_GATE
	CROSS_WAY cross_by_call_gate lcall *call_gate_operand
	CROSS_32 cross_by_syscall_32 syscall
	CROSS_32 cross_by_sysenter sysenter

	.section .rodata
	.balign	8
	.globl	call_gate_operand
call_gate_operand:
	.long	0			/* the gate has an offset */
	.short	EB_CALL_GATE

	.bss
	.balign	64
	.globl	mechanism_stack_end
	.skip	512
mechanism_stack_end:
old_stack:
	.skip	8

	.section .note.GNU-stack, "", @progbits
