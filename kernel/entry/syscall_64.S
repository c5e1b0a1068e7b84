/*
 * SYSCALL from 64-bit code: the entry that every Linux program takes. Its exit is in sysret_exit.h.
 *
 * The CPU has done: rcx = return RIP, r11 = RFLAGS, RFLAGS &= ~SFMASK (so IRQs are off), CS and SS
 * the kernel's. It has not done: rsp, GS base and CR3 are still ring 3's.
 * Next: do_syscall_64(struct pt_regs *regs, u64 nr) in syscall/dispatch.c, which returns with IRQs
 * off.
 */
#include "calling.h"
#include "sysret_exit.h"

	.section .entry.text, "ax"

ENTRY entry_syscall_64
PHASE syscall, swapgs, stamp=0
	ENDBR
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
	UNTRAIN_RETURNS
	BARRIER_ON_ENTRY
	FILL_RETURN_STACK_BUFFER
	CLEAR_BRANCH_HISTORY
PHASE syscall, dispatch
	movq	%rsp, %rdi
	CALL_DO_SYSCALL_64
	LEAVE_BY_SYSRET_OR_IRET
PHASE syscall, end, stamp=0
END entry_syscall_64

	.section .note.GNU-stack, "", @progbits
