/*
 * Crossings with every register chosen before and stored after, and the place where a caught trap
 * goes on.
 */

#include "cross_macros.h"

	.macro CROSS name back how:vararg
	.globl	\name
	.type	\name, @function
\name:
	SAVE
	movq	%rsp, cross_in + RSP(%rip)
	LOAD_ALL
	popfq
	\how
	.globl	\back
\back:
	STORE_ALL
	RESTORE
	ret
	.size	\name, . - \name
	.endm

	.text
	CROSS	cross_by_syscall cross_back_syscall syscall
	CROSS	cross_by_touch cross_back_touch cmpb $0, (%rsi)
	CROSS	cross_by_ud2 cross_back_ud2 ud2

/* bool catch_begin(void (*function)(void)) */
	.globl	catch_begin
	.type	catch_begin, @function
catch_begin:
	SAVE
	movq	%rdi, %rbx
	xorl	%eax, %eax
	rdsspq	%rax			/* changes nothing without a shadow stack */
	movq	%rax, catch_shadow(%rip)
	leaq	catch_ip(%rip), %rdi
	movq	%rsp, %rsi
	call	catch_arm
	call	*%rbx
	xorl	%eax, %eax
	jmp	1f
catch_ip:				/* rsp as it was before the call */
	STORE_ALL
	xorl	%eax, %eax
	rdsspq	%rax
	testq	%rax, %rax
	jz	2f
	movq	catch_shadow(%rip), %rcx /* what has been called since does not return */
	subq	%rax, %rcx
	shrq	$3, %rcx
	incsspq	%rcx
2:	movl	$1, %eax
1:	RESTORE
	ret
	.size	catch_begin, . - catch_begin

	.balign	64
	.globl	landing
landing:
	nop
	ud2

	.bss
	.balign	8
	.globl	cross_in, cross_out, cross_segments
cross_in:  .skip 168
cross_out: .skip 168
cross_segments: .skip 8
catch_shadow: .skip 8

	.section .note.GNU-stack, "", @progbits
