/* One attempt of random.c: any registers, any code, and the way back by a return or by a signal. */
#include "lib/cross_macros.h"

	.text
	.globl	attempt
	.type	attempt, @function
attempt:				/* rdi = registers, rsi = code */
	SAVE
	movq	%rsp, own_sp(%rip)
	movq	%rsi, target(%rip)
	movb	$1, active(%rip)
	movq	8(%rdi), %rcx
	movq	16(%rdi), %rdx
	movq	24(%rdi), %rbx
	movq	32(%rdi), %rsp
	movq	40(%rdi), %rbp
	movq	48(%rdi), %rsi
	movq	64(%rdi), %r8
	movq	72(%rdi), %r9
	movq	80(%rdi), %r10
	movq	88(%rdi), %r11
	movq	96(%rdi), %r12
	movq	104(%rdi), %r13
	movq	112(%rdi), %r14
	movq	120(%rdi), %r15
	movq	(%rdi), %rax
	movq	56(%rdi), %rdi
	call	*target(%rip)
	xorl	%eax, %eax
	jmp	1f

	.globl	attempt_handler
attempt_handler:			/* edi = signal, on the signals' stack */
	cmpb	$0, active(%rip)
	je	2f
	movl	%edi, %eax
1:	movb	$0, active(%rip)
	movq	own_sp(%rip), %rsp
	pushq	$0x202			/* no DF, AC, TF, NT */
	popfq
	RESTORE
	ret
2:	cmpl	$14, %edi		/* SIGALRM between two attempts: nothing */
	je	3f
	movl	$99, %edi		/* the program itself was hit */
	movl	$231, %eax		/* exit_group */
	syscall
3:	ret
	.size	attempt, . - attempt

	.data
	.balign	8
own_sp:	.quad	0
target:	.quad	0
active:	.byte	0

	.section .note.GNU-stack, "", @progbits
