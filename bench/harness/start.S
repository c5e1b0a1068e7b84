/*
 * Where a benchmark program starts: hands the initial stack (argc, argv, envp, auxv) to C, and
 * makes system calls.
 */
#include <entrybench/mechanism.h>

#include "sys_numbers.h"

	.text
	.globl	_start
	.type	_start, @function
_start:
	xor	%ebp, %ebp
	mov	$EB_MECHANISM_NUMBER, %eax /* the core with shstk=on; else an error, no more */
	mov	$EB_MECHANISM_SHADOW_STACK, %edi
	syscall
	mov	%rsp, %rdi
	and	$-16, %rsp
	call	harness_start
	ud2				/* harness_start() does not return */
	.size	_start, . - _start

/*
 * long sys_call_raw(long number, long a, long b, long c, long d, long e, long f): Linux' 64-bit
 * convention.
 */
	.globl	sys_call_raw
	.type	sys_call_raw, @function
sys_call_raw:
	mov	%rdi, %rax
	mov	%rsi, %rdi
	mov	%rdx, %rsi
	mov	%rcx, %rdx
	mov	%r8, %r10
	mov	%r9, %r8
	mov	8(%rsp), %r9
	syscall
	ret
	.size	sys_call_raw, . - sys_call_raw

/*
 * long sys_call_int80(long number, long a, long b, long c): Linux' 32-bit convention; all values
 * below 4 GiB.
 */
	.globl	sys_call_int80
	.type	sys_call_int80, @function
sys_call_int80:
	push	%rbx
	mov	%edi, %eax
	mov	%esi, %ebx
	xchg	%ecx, %edx		/* C: b in EDX, c in ECX; the kernel: the reverse */
	int	$0x80
	pop	%rbx
	cltq
	ret
	.size	sys_call_int80, . - sys_call_int80

/* Where a signal handler returns to. */
	.globl	signal_restorer
	.type	signal_restorer, @function
signal_restorer:
	mov	$SYS_RT_SIGRETURN, %eax
	syscall
	ud2
	.size	signal_restorer, . - signal_restorer

/*
 * int probe_call(window_fn *window, void *context): 1, or 0 if a signal handler went on at
 * probe_return.
 */
	.globl	probe_call
	.type	probe_call, @function
probe_call:
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	sub	$8, %rsp
	mov	%rsp, probe_stack(%rip)
	xor	%eax, %eax
	rdsspq	%rax			/* changes nothing without a shadow stack */
	mov	%rax, probe_shadow(%rip)
	mov	%rdi, %rax
	mov	$1, %edi
	call	*%rax
	mov	$1, %eax
	jmp	1f
	.globl	probe_return
probe_return:				/* RSP is what probe_stack says */
	xor	%eax, %eax
	rdsspq	%rax
	test	%rax, %rax
	jz	1f
	mov	probe_shadow(%rip), %rcx
	sub	%rax, %rcx
	shr	$3, %ecx
	incsspq	%rcx
	xor	%eax, %eax
1:	add	$8, %rsp
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	ret
	.size	probe_call, . - probe_call
	.local	probe_shadow
	.comm	probe_shadow, 8, 8

	.section .note.GNU-stack, "", @progbits
