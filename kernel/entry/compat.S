/*
 * The fast system calls of 32-bit code: SYSCALL (AMD's, at CSTAR) and SYSENTER (Intel's). Both
 * return to the program's landing pad with ecx, edx and for SYSCALL r11 lost, or by IRET to
 * wherever pt_regs says. Number and arguments as of INT 0x80, but ebp is ring 3's to spend: SYSCALL
 * passes the second argument in it, since ecx holds the return EIP; SYSENTER the stack pointer.
 * What it held lies on top of ring 3's stack: the sixth argument.
 *
 * Next: do_syscall_32(regs), do_sysenter(regs) in syscall/compat.c, which return with IRQs off and
 * say whether the fast way out restores what pt_regs says.
 */
#define PHASE_FIRST 72
#include "calling.h"

	.section .entry.text, "ax"

/*
 * As after SYSCALL from 64-bit code: rcx = return EIP, r11 = RFLAGS, rsp, GS and CR3 still ring
 * 3's, flags masked.
 */
ENTRY entry_syscall_32
PHASE syscall_32, swapgs, stamp=0
	ENDBR
	swapgs
	FENCE_SWAPGS_UNCONDITIONAL
	movq	%rsp, PER_CPU(user_rsp)
PHASE syscall_32, cr3_to_kernel
	SWITCH_TO_KERNEL_CR3 scratch=%rsp
PHASE syscall_32, stack
	movq	PER_CPU(kernel_top), %rsp
PHASE syscall_32, save_regs
	pushq	$USER_DS		/* pt_regs->ss */
	pushq	PER_CPU(user_rsp)	/* pt_regs->sp */
	pushq	%r11			/* pt_regs->flags */
	pushq	$USER32_CS		/* pt_regs->cs */
	pushq	%rcx			/* pt_regs->ip */
	pushq	%rax			/* pt_regs->orig_ax */
	PUSH_AND_CLEAR_REGS ax=$-ENOSYS cx=%rbp
PHASE syscall_32, speculation_in
	SPEC_CTRL_TO_KERNEL
	UNTRAIN_RETURNS
	BARRIER_ON_ENTRY
	FILL_RETURN_STACK_BUFFER
	CLEAR_BRANCH_HISTORY
PHASE syscall_32, dispatch
	movq	%rsp, %rdi
	CALL_ON_RANDOMISED_STACK do_syscall_32
PHASE syscall_32, exit_choice
	testb	%al, %al
	jz	return_to_user_by_iret
PHASE syscall_32, speculation_out
	BARRIER_AFTER_GUEST
	CLEAR_DIVIDER
	SPEC_CTRL_TO_USER
PHASE syscall_32, restore_regs
	POP_REGS_EXCEPT_RDI
	movq	PT_REGS_ip - PT_REGS_di(%rsp), %rcx
	movq	PT_REGS_flags - PT_REGS_di(%rsp), %r11
PHASE syscall_32, trampoline
	TO_TRAMPOLINE_FOR_SYSRET
PHASE syscall_32, erase
	ERASE_KERNEL_STACK
PHASE syscall_32, cr3_to_user
	SWITCH_TO_USER_CR3 scratch=%rdi
PHASE syscall_32, leave
	FROM_TRAMPOLINE_FOR_SYSRET
	swapgs
	CLEAR_CPU_BUFFERS
	sysretl
PHASE syscall_32, end, stamp=0
END entry_syscall_32

/*
 * The CPU has loaded CS, SS, rip and rsp (top of the entry stack) from MSRs and cleared IF, but no
 * other flag: TF, NT, AC, DF and IOPL are ring 3's until .Lflags_set. Single steps up to there are
 * passed over (cpu/traps.c). Nothing of ring 3's rip and rsp was saved. GS and CR3 are still ring
 * 3's.
 */
ENTRY entry_sysenter
PHASE sysenter, swapgs, stamp=0
	ENDBR
	swapgs
	FENCE_SWAPGS_UNCONDITIONAL
	pushfq				/* the next step spoils the flags */
	popq	PER_CPU(user_rsp)
PHASE sysenter, cr3_to_kernel
	SWITCH_TO_KERNEL_CR3 scratch=%rsp
PHASE sysenter, stack
	movq	PER_CPU(kernel_top), %rsp
PHASE sysenter, save_regs
	pushq	$USER_DS		/* pt_regs->ss */
	pushq	$0			/* pt_regs->sp: from ebp, in C */
	pushq	PER_CPU(user_rsp)	/* pt_regs->flags; C adds IF */
	pushq	$USER32_CS		/* pt_regs->cs */
	pushq	$0			/* pt_regs->ip: the landing pad, in C */
	pushq	%rax			/* pt_regs->orig_ax */
	PUSH_AND_CLEAR_REGS ax=$-ENOSYS
PHASE sysenter, flags
	cld
	testl	$(FLAG_NT | FLAG_AC | FLAG_TF), PT_REGS_flags(%rsp)
	jnz	.Lset_flags
.Lflags_set:
PHASE sysenter, speculation_in
	SPEC_CTRL_TO_KERNEL
	UNTRAIN_RETURNS
	BARRIER_ON_ENTRY
	FILL_RETURN_STACK_BUFFER
	CLEAR_BRANCH_HISTORY
PHASE sysenter, dispatch
	movq	%rsp, %rdi
	CALL_ON_RANDOMISED_STACK do_sysenter
PHASE sysenter, exit_choice
	testb	%al, %al
	jz	return_to_user_by_iret
PHASE sysenter, speculation_out
	BARRIER_AFTER_GUEST
	CLEAR_DIVIDER
	SPEC_CTRL_TO_USER
PHASE sysenter, restore_regs
	POP_REGS_EXCEPT_RDI
	movq	PT_REGS_ip - PT_REGS_di(%rsp), %rdx
	movq	PT_REGS_sp - PT_REGS_di(%rsp), %rcx
	andl	$~FLAG_IF, PT_REGS_flags - PT_REGS_di(%rsp)
PHASE sysenter, trampoline
	TO_TRAMPOLINE_FOR_SYSEXIT
PHASE sysenter, erase
	ERASE_KERNEL_STACK
PHASE sysenter, cr3_to_user
	SWITCH_TO_USER_CR3 scratch=%rdi
PHASE sysenter, leave
	FROM_TRAMPOLINE_FOR_SYSEXIT
	swapgs
	CLEAR_CPU_BUFFERS
	popfq				/* IF is off, TF too: they would go by IRET */
	sti				/* in its shadow; but see return_fixup.S */
	.globl sysexit_to_user
sysexit_to_user:
	sysexitl
PHASE sysenter, end, stamp=0

.Lset_flags:
	pushq	$FLAG_FIXED
	popfq
	jmp	.Lflags_set
	.globl sysenter_end
sysenter_end:
END entry_sysenter

	.section .note.GNU-stack, "", @progbits
