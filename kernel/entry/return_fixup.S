/*
 * The very last instruction of a way out that still runs in ring 0, but on ring 3's GS, CR3 and
 * registers: what hits it there belongs to ring 3. A fault, since the state that it could not load
 * is ring 3's; an interrupt, since ring 3 was as good as reached.
 */
#define PHASE_FIRST 108
#include "calling.h"

	.section .entry.text, "ax"

/*
 * rsp at pt_regs->si, edi = vector, all other registers ring 3's. return_fixup_regs() in
 * cpu/return_fixup.c makes the pt_regs that an entry from ring 3 would have made, at the top of the
 * kernel stack; do_return_fixup() goes on with it.
 */
ENTRY return_fixup
PHASE return_fixup, swapgs, stamp=0
	swapgs
	FENCE_SWAPGS
	SWITCH_TO_KERNEL_CR3 scratch=%rsi
	CLEAR_AC
	PUSH_AND_CLEAR_REGS ax=%rax pushed=2
	SPEC_CTRL_TO_KERNEL
	UNTRAIN_RETURNS
	BARRIER_ON_ENTRY
	movl	%edi, %r12d		/* C preserves it */
	movq	%rsp, %rdi
	CALL_C	return_fixup_regs
	movq	%rax, %rsp
	movq	%rax, %rdi
	movl	%r12d, %esi
	NOTE_IDT_ENTRY
	CALL_C	do_return_fixup
	FORGET_IDT_ENTRY
	jmp	return_to_user_by_iret
PHASE return_fixup, end, stamp=0
END return_fixup

	.section .note.GNU-stack, "", @progbits
