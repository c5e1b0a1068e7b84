/* Threads of a conformance program: they share everything but their stacks. */

#define SYS_CLONE 56
#define SYS_EXIT  60
#define FLAGS	  0x50f00 /* CLONE_VM, _FS, _FILES, _SIGHAND, _THREAD, _SYSVSEM */

	.text
/* long thread_start(void (*function)(void), void *stack_end) */
	.globl	thread_start
	.type	thread_start, @function
thread_start:
	subq	$16, %rsi
	movq	%rdi, (%rsi)
	movl	$FLAGS, %edi
	xorl	%edx, %edx
	xorl	%r10d, %r10d
	xorl	%r8d, %r8d
	movl	$SYS_CLONE, %eax
	syscall
	testq	%rax, %rax
	jz	1f
	ret
1:	popq	%rax
	call	*%rax
	xorl	%edi, %edi
	movl	$SYS_EXIT, %eax
	syscall
	ud2
	.size	thread_start, . - thread_start

	.section .note.GNU-stack, "", @progbits
