/*
 * SYSCALL from 64-bit code: the way in that every Linux program takes, and its two ways out.
 *
 * The CPU has done: rcx = return RIP, r11 = RFLAGS, RFLAGS &= ~SFMASK (so IRQs are off), CS and SS the kernel's.
 * It has not done: rsp, GS base and CR3 are still ring 3's.
 * Next: do_syscall_64(struct pt_regs *regs, u64 nr) in syscall/dispatch.c, which returns with IRQs off.
 */
#include "calling.h"

	.section .entry.text, "ax"

ENTRY entry_syscall_64
PHASE syscall, swapgs, stamp=0
	swapgs
	FENCE_SWAPGS_UNCONDITIONAL
	movq	%rsp, PER_CPU(user_rsp)
PHASE syscall, cr3_to_kernel
	SWITCH_TO_KERNEL_CR3 scratch=%rsp
PHASE syscall, stack
	movq	PER_CPU(kernel_top), %rsp
PHASE syscall, save_regs
	pushq	$USER_DS		/* pt_regs->ss */
	pushq	PER_CPU(user_rsp)	/* pt_regs->sp */
	pushq	%r11			/* pt_regs->flags */
	pushq	$USER_CS		/* pt_regs->cs */
	pushq	%rcx			/* pt_regs->ip */
	pushq	%rax			/* pt_regs->orig_ax */
	PUSH_AND_CLEAR_REGS ax=$-ENOSYS
	movl	%eax, %esi		/* the number is 32 bits, as on Linux */
PHASE syscall, speculation_in
	SPEC_CTRL_TO_KERNEL
	FILL_RETURN_STACK_BUFFER
	CLEAR_BRANCH_HISTORY
PHASE syscall, dispatch
	movq	%rsp, %rdi
	CALL_DO_SYSCALL_64
#if FEATURE_exit_sysret
PHASE syscall, exit_choice
	SYSRET_OR otherwise=return_to_user_by_iret
PHASE syscall, speculation_out
	SPEC_CTRL_TO_USER
PHASE syscall, restore_regs
	POP_REGS_EXCEPT_RDI
PHASE syscall, trampoline
	TO_TRAMPOLINE_FOR_SYSRET
PHASE syscall, erase
	ERASE_KERNEL_STACK
PHASE syscall, cr3_to_user
	SWITCH_TO_USER_CR3 scratch=%rdi
PHASE syscall, leave
	FROM_TRAMPOLINE_FOR_SYSRET
	swapgs
	CLEAR_CPU_BUFFERS
	sysretq
#else
	jmp	return_to_user_by_iret
#endif
PHASE syscall, end, stamp=0
END entry_syscall_64

	.section .note.GNU-stack, "", @progbits
