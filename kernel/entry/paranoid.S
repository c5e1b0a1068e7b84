/*
 * Vectors on IST stacks: NMI, #DB, #MC, #DF. They may arrive between any two instructions, those of the entry code
 * included, so nothing is known of GS and CR3 but what the CPU itself says. Each has its own copy of the path: a breakpoint in
 * one never meets itself.
 *
 * From ring 3 there is no doubt: the frame moves to the kernel stack, and all goes on as with an ordinary exception
 * (do_exception in cpu/traps.c, signals included), so the IST stack is free again for the next one.
 * From ring 0: do_paranoid(regs, vector), on the IST stack, and back to exactly where it came from.
 */
#define PHASE_FIRST 120
#include "calling.h"

	.section .entry.text, "ax"

/* rsp at pt_regs->di, edi = vector. */
.macro PARANOID_ENTRY name:req path:req
ENTRY \name
PHASE \path, entry, stamp=0
	cld
	pushq	%rsi			/* pt_regs->si */
	testb	$3, PT_REGS_cs - PT_REGS_si(%rsp)
	jnz	.Lfrom_user\@
	PUSH_AND_CLEAR_REGS ax=%rax pushed=2
PHASE \path, cr3_to_kernel, stamp=0
	SAVE_AND_SWITCH_TO_KERNEL_CR3 scratch=%rax save=%r14
PHASE \path, swapgs, stamp=0
	GS_TO_KERNEL_SAVING
	CLEAR_AC
PHASE \path, speculation_in, stamp=0
	SPEC_CTRL_TO_KERNEL_SAVING save=%r15d
PHASE \path, dispatch, stamp=0
	movl	%edi, %esi
	movq	%rsp, %rdi
	call	do_paranoid
PHASE \path, speculation_out, stamp=0
	SPEC_CTRL_RESTORE save=%r15d
PHASE \path, cr3_to_user, stamp=0
	RESTORE_CR3 save=%r14
PHASE \path, leave, stamp=0
	GS_RESTORE
	POP_REGS_EXCEPT_RDI
	popq	%rdi
	addq	$8, %rsp		/* orig_ax */
	iretq

.Lfrom_user\@:
	swapgs
	FENCE_SWAPGS
	SWITCH_TO_KERNEL_CR3 scratch=%rsi
	FRAME_TO_KERNEL_STACK
	CLEAR_AC
	PUSH_AND_CLEAR_REGS ax=%rax pushed=2
	SPEC_CTRL_TO_KERNEL
	FILL_RETURN_STACK_BUFFER
	movl	%edi, %esi
	movq	%rsp, %rdi
	call	do_exception
	jmp	return_to_user_by_iret
PHASE \path, end, stamp=0
END \name
.endm

PARANOID_ENTRY entry_nmi, nmi
PARANOID_ENTRY entry_debug, debug
PARANOID_ENTRY entry_machine_check, machine_check
PARANOID_ENTRY entry_double_fault, double_fault

	.section .note.GNU-stack, "", @progbits
