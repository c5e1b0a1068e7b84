/*
 * Vectors on IST stacks: NMI, #DB, #MC, #DF. They may arrive between any two instructions, those of
 * the entry code included, so nothing is known of GS and CR3 but what the CPU itself says. Each has
 * its own copy of the path: a breakpoint in one never meets itself.
 *
 * From ring 3 there is no doubt: the frame moves to the kernel stack, and all goes on as with an
 * ordinary exception (do_exception in cpu/traps.c, signals included), so the IST stack is free
 * again for the next one. From ring 0: do_paranoid(regs, vector, CR3 found, GS found), on the IST
 * stack, and back to exactly where it came from.
 *
 * NMIs do not nest. The CPU holds the next one back until an IRET; so whoever interrupts an NMI
 * goes back without one (docs/interruption.md). For that an NMI says where its frame is in use, in
 * the word above the frame.
 */
#define PHASE_FIRST 120
#include "calling.h"

	.section .entry.text, "ax"

/* What stands above the frame on the NMI stack, from rsp = pt_regs->di. */
#define NMI_IN_SERVICE_FROM_DI (NMI_IN_SERVICE - PT_REGS_di)

/*
 * To the kernel stack with the frame, in words popped: rsp stays on the IST stack until the last
 * one is safe. Needs: kernel CR3 and GS, rsp at pt_regs->si, rsi free.
 */
.macro MOVE_FRAME_TO_KERNEL_STACK nmi:req
	movq	PER_CPU(kernel_top), %rsi
	popq	PT_REGS_si - PT_REGS_SIZE(%rsi)
	popq	PT_REGS_di - PT_REGS_SIZE(%rsi)
	popq	PT_REGS_orig_ax - PT_REGS_SIZE(%rsi)
	popq	PT_REGS_ip - PT_REGS_SIZE(%rsi)
	popq	PT_REGS_cs - PT_REGS_SIZE(%rsi)
	popq	PT_REGS_flags - PT_REGS_SIZE(%rsi)
	popq	PT_REGS_sp - PT_REGS_SIZE(%rsi)
	popq	PT_REGS_ss - PT_REGS_SIZE(%rsi)
	.if	\nmi
	movb	$0, NMI_IN_SERVICE - PT_REGS_SIZE(%rsp)
	.endif
	leaq	PT_REGS_si - PT_REGS_SIZE(%rsi), %rsp
.endm

/* From ring 0: to C and back, on the IST stack. */
.macro PARANOID_FROM_KERNEL path:req
	PUSH_AND_CLEAR_REGS ax=%rax pushed=2
PHASE \path, cr3_to_kernel, stamp=0
	SAVE_AND_SWITCH_TO_KERNEL_CR3 scratch=%rax save=%r14
PHASE \path, swapgs, stamp=0
	GS_TO_KERNEL_SAVING
	CLEAR_AC
PHASE \path, speculation_in, stamp=0
	SPEC_CTRL_TO_KERNEL_SAVING save=%r15d
	UNTRAIN_RETURNS
	BARRIER_ON_ENTRY
PHASE \path, dispatch, stamp=0
	movq	%rbx, %rcx
	movq	%r14, %rdx
	movl	%edi, %esi
	movq	%rsp, %rdi
	CALL_C	do_paranoid
	movl	%eax, %r12d		/* whether by IRET */
.endm

/*
 * Back to exactly where it came from: r12b = whether by IRET, rbx, r14 and r15 what the way in has
 * found.
 */
.macro PARANOID_RETURN path:req nmi:req
PHASE \path, speculation_out, stamp=0
	SPEC_CTRL_RESTORE save=%r15d
PHASE \path, cr3_to_user, stamp=0
	RESTORE_CR3 save=%r14
PHASE \path, leave, stamp=0
	GS_RESTORE
	testb	%r12b, %r12b
	jz	.L\path\()_without_iret
	POP_REGS_EXCEPT_RDI
	popq	%rdi
	addq	$8, %rsp		/* orig_ax */
	.if	\nmi
	movb	$0, NMI_IN_SERVICE - PT_REGS_ip(%rsp)
	.globl	nmi_iret
nmi_iret:				/* NMIs may come again only behind it */
	.endif
	iretq

.L\path\()_without_iret:		/* pt_regs->sp has rdi, flags and rip on top (cpu/nmi.c) */
	POP_REGS_EXCEPT_RDI
	.if	\nmi
	movb	$0, NMI_IN_SERVICE_FROM_DI(%rsp)
	.endif
	movq	PT_REGS_sp - PT_REGS_di(%rsp), %rsp
	popq	%rdi
	popfq
	RETURN_ANYWHERE
PHASE \path, end, stamp=0
.endm

/* From ring 3: as an ordinary exception from here on. */
.macro PARANOID_FROM_USER path:req nmi:req
.L\path\()_from_user:
PHASE \path\()_user, swapgs, stamp=0
	swapgs
	FENCE_SWAPGS
PHASE \path\()_user, cr3_to_kernel, stamp=0
	SWITCH_TO_KERNEL_CR3 scratch=%rsi
PHASE \path\()_user, stack, stamp=0
	MOVE_FRAME_TO_KERNEL_STACK nmi=\nmi
PHASE \path\()_user, save_regs, stamp=0
	CLEAR_AC
	PUSH_AND_CLEAR_REGS ax=%rax pushed=2
PHASE \path\()_user, speculation_in, stamp=0
	SPEC_CTRL_TO_KERNEL
	UNTRAIN_RETURNS
	BARRIER_ON_ENTRY
	FILL_RETURN_STACK_BUFFER
PHASE \path\()_user, dispatch, stamp=0
	movl	%edi, %esi
	movq	%rsp, %rdi
	NOTE_IDT_ENTRY
	CALL_C	do_exception
	FORGET_IDT_ENTRY
	jmp	return_to_user_by_iret
PHASE \path\()_user, end, stamp=0
.endm

/* rsp at pt_regs->di, edi = vector. */
.macro PARANOID_ENTRY name:req path:req nmi=0 ministack=0
ENTRY \name
PHASE \path, entry, stamp=0
	.if	\nmi
	movb	$1, NMI_IN_SERVICE_FROM_DI(%rsp)
	.endif
	cld
	pushq	%rsi			/* pt_regs->si */
	testb	$3, PT_REGS_cs - PT_REGS_si(%rsp)
	jnz	.L\path\()_from_user
	.if	\ministack
	FIXUP_FAULT_ON_MINISTACK
	.endif
	PARANOID_FROM_KERNEL \path
	PARANOID_RETURN \path, \nmi
	PARANOID_FROM_USER \path, \nmi
END \name
.endm

PARANOID_ENTRY entry_nmi, nmi, nmi=1
PARANOID_ENTRY entry_debug, debug
PARANOID_ENTRY entry_machine_check, machine_check
PARANOID_ENTRY entry_double_fault, double_fault, ministack=1

	.section .note.GNU-stack, "", @progbits
