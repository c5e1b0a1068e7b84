/* What tests of shadow stacks do that C cannot: shstk_cross.h says what. */
#include "harness/signal_frame.h"
#include "harness/sys_numbers.h"
#include "lib/cross_macros.h"

#define USER32_CS  0x23
#define SYS_EXIT   60
#define SYS_CLONE3 435

	.macro FUNCTION name
	.globl	\name
	.type	\name, @function
\name:
	.endm

	.macro END name
	.size	\name, . - \name
	.endm

/* long \name(uint64_t address, uint64_t value): 0, or 1 where the instruction faults. */
	.macro TRY name how:vararg
FUNCTION \name
	leaq	1f(%rip), %rax
	movq	%rax, fault_resume(%rip)
	\how
	xorl	%eax, %eax
	movq	%rax, fault_resume(%rip)
	ret
1:	movl	$1, %eax
	ret
END \name
	.endm

	.text
TRY try_store movq %rsi, (%rdi)
TRY try_load movq (%rdi), %rdx
TRY try_wrss wrssq %rsi, (%rdi)
TRY try_rstorssp rstorssp (%rdi)
TRY try_32bit ljmp *far_pointer(%rip)

FUNCTION return_to
	movq	%rdi, (%rsp)
	ret
END return_to

FUNCTION call_on_shadow_stack
	pushq	%rbx
	rdsspq	%rbx
	rstorssp (%rdi)
	saveprevssp			/* leaves a token on the old one, right below its top */
	call	*%rsi
	subq	$8, %rbx
	rstorssp (%rbx)
	saveprevssp
	popq	%rbx
	ret
END call_on_shadow_stack

FUNCTION raise_and_mend
	rdsspq	%r8
	movl	$SYS_TGKILL, %eax
	syscall
	rdsspq	%rcx
	subq	%rcx, %r8
	shrq	$3, %r8
	incsspq	%r8
	movq	%r8, %rax
	ret
END raise_and_mend

/* rt_sigreturn from the context at rdi, which brings rbx, rbp, rsp and this place back. */
	.macro	SIGRETURN
	movq	%rbx, CONTEXT_RBX(%rdi)
	movq	%rbp, CONTEXT_RBP(%rdi)
	movq	%rsp, CONTEXT_RSP(%rdi)
	leaq	1f(%rip), %rax
	movq	%rax, CONTEXT_RIP(%rdi)
	movq	%rdi, %rsp
	movl	$SYS_RT_SIGRETURN, %eax
	syscall
	ud2
1:
	.endm

FUNCTION sigreturn_from
	SAVE
	SIGRETURN
	RESTORE
	ret
END sigreturn_from

FUNCTION sigreturn_off_end
	SAVE
	rdsspq	%rbx
	rstorssp (%rsi)
	saveprevssp			/* and the token is popped: nothing is left */
	SIGRETURN
	subq	$8, %rbx
	rstorssp (%rbx)
	saveprevssp
	RESTORE
	ret
END sigreturn_off_end

FUNCTION thread_by_clone3
	movl	$SYS_CLONE3, %eax
	syscall
	testq	%rax, %rax
	jz	1f
	ret
1:	call	*%rdx			/* no register but rax has changed for it */
	xorl	%edi, %edi
	movl	$SYS_EXIT, %eax
	syscall
	ud2
END thread_by_clone3

	.data
	.balign	8
far_pointer:
	.long	0x10000
	.word	USER32_CS

	.section .note.GNU-stack, "", @progbits
