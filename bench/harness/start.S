/*
 * Where a benchmark program starts: hands the initial stack (argc, argv, envp, auxv) to C, and makes system calls.
 */
#include "service.h"

	.text
	.globl	_start
	.type	_start, @function
_start:
	xor	%ebp, %ebp
	mov	%rsp, %rdi
	and	$-16, %rsp
	call	harness_start
	ud2				/* harness_start() does not return */
	.size	_start, . - _start

/*
 * long sys_call(long number, long a, long b, long c, long d, long e, long f): Linux' 64-bit convention, by SYSCALL, or by
 * the core's service vector where SYSCALL leads nowhere.
 */
	.globl	sys_call
	.type	sys_call, @function
sys_call:
	mov	%rdi, %rax
	mov	%rsi, %rdi
	mov	%rdx, %rsi
	mov	%rcx, %rdx
	mov	%r8, %r10
	mov	%r9, %r8
	mov	8(%rsp), %r9
	cmpb	$0, sys_by_service_vector(%rip)
	jne	1f
	syscall
	ret
1:	int	$SERVICE_VECTOR
	ret
	.size	sys_call, . - sys_call

	.section .note.GNU-stack, "", @progbits
