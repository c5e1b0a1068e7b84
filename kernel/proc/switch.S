/* Between the boot stack, on which the core runs programs one after the other, and ring 3. */
#include "asm.h"

	.text

/*
 * int enter_ring3(const struct pt_regs *regs, void (*return_to_user)(void)): leaves by the variant's exit path; what C
 * preserves waits on the boot stack until leave_ring3().
 */
ENTRY enter_ring3
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	cli
	movq	%rsp, boot_rsp(%rip)
	movq	%rdi, %rsp
	jmp	*%rsi
END enter_ring3

/* void leave_ring3(int status): enter_ring3() returns `status`. From any kernel stack, kernel CR3 and GS. */
ENTRY leave_ring3
	movq	boot_rsp(%rip), %rsp
	movl	%edi, %eax
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
END leave_ring3

	.bss
	.balign 8
boot_rsp:
	.skip	8

	.section .note.GNU-stack, "", @progbits
