/*
 * Where a benchmark program starts: hands the initial stack (argc, argv, envp, auxv) to C, and makes system calls.
 */
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

/* long sys_call(long number, long a, long b, long c, long d, long e, long f): Linux' 64-bit convention. */
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
	syscall
	ret
	.size	sys_call, . - sys_call

/* long sys_call_int80(long number, long a, long b, long c): Linux' 32-bit convention; all values below 4 GiB. */
	.globl	sys_call_int80
	.type	sys_call_int80, @function
sys_call_int80:
	push	%rbx
	mov	%edi, %eax
	mov	%esi, %ebx
	xchg	%ecx, %edx		/* C hands b in EDX and c in ECX, the kernel wants them the other way round */
	int	$0x80
	pop	%rbx
	cltq
	ret
	.size	sys_call_int80, . - sys_call_int80

	.section .note.GNU-stack, "", @progbits
