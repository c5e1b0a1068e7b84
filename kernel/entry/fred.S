/*
 * FRED: both entry points and both ways out. Whatever happens, from a system call to a machine
 * check, comes in here; C finds out what it was (cpu/fred.c). The CPU looks for no ENDBR64 there.
 *
 * The CPU has pushed zero, event data, ss, rsp, rflags, cs, rip and an error code or zero, cleared
 * all of RFLAGS, and from ring 3 also swapped GS. So nothing is left to do but the registers.
 */
#define PHASE_FIRST 0
#include "calling.h"

	.section .entry.text, "ax"

/*
 * Calls C. kstack_offset is for system calls, and which event may be one the frame says: all others
 * go the short way.
 */
#if FEATURE_kstack_offset_off
.macro CALL_FRED_RING3
	call	DO_SYSCALL_64
.endm
#else
.macro CALL_FRED_RING3
	testb	$SS_SOFTWARE, PT_REGS_ss_flags(%rsp)
	jnz	.Lsystem_call\@
	call	DO_SYSCALL_64
	jmp	.Lback\@
.Lsystem_call\@:
	CALL_ON_RANDOMISED_STACK DO_SYSCALL_64
.Lback\@:
.endm
#endif

/*
 * Ring 3's way from saved registers on. The two entries are 256 bytes apart: where this does not
 * fit between them it follows the second, one jump away. Where it is time stamps alone that do not
 * fit, the jump is one of a stamp's instructions.
 */
.macro INTO_C_AND_BACK
	SPEC_CTRL_TO_KERNEL
	BARRIER_ON_ENTRY
	FILL_RETURN_STACK_BUFFER
	CLEAR_BRANCH_HISTORY
PHASE fred, dispatch
	movq	%rsp, %rdi
	CALL_FRED_RING3
	.globl return_to_user_by_eretu
return_to_user_by_eretu:		/* level 0, IRQs off */
PHASE fred, speculation_out
	BARRIER_AFTER_GUEST
	CLEAR_DIVIDER
	SPEC_CTRL_TO_USER
PHASE fred, restore_regs
	POP_REGS_EXCEPT_RDI
PHASE fred, trampoline
	TO_TRAMPOLINE_FOR_ERETU
PHASE fred, erase
	ERASE_KERNEL_STACK
PHASE fred, leave
	popq	%rdi
	CLEAR_CPU_BUFFERS
	.globl eretu_to_user
eretu_to_user:				/* a refused frame goes on in do_fred_ring0() */
	ERETU
PHASE fred, end, stamp=0
.endm
#if FEATURE_erase_on || FEATURE_ibrs_on || FEATURE_rsb_on || FEATURE_bhb_loop || \
	FEATURE_bhb_long || FEATURE_ibpb_entry || FEATURE_vmscape_on || FEATURE_divider_on || \
	!FEATURE_kstack_offset_off
#define STAMP_JUMPS
#define NEAR_PART jmp fred_far_part
#define FAR_PART  fred_far_part: INTO_C_AND_BACK
#elif STAMPED
#define STAMP_JUMPS jump=fred_far_part
#define NEAR_PART
#define FAR_PART  fred_far_part: INTO_C_AND_BACK
#else
#define STAMP_JUMPS
#define NEAR_PART INTO_C_AND_BACK
#define FAR_PART
#endif

/*
 * From ring 3. rsp at pt_regs->orig_ax, on the kernel stack. Next: DO_SYSCALL_64(regs), which
 * returns with IRQs off.
 */
	.balign PAGE_SIZE, 0xcc
ENTRY entry_fred
PHASE fred, save_regs
	PUSH_AND_CLEAR_REGS ax=%rax
PHASE fred, speculation_in, STAMP_JUMPS
	NEAR_PART
END entry_fred

/*
 * From ring 0, at any instruction, those above included. rsp at pt_regs->orig_ax, on the stack that
 * the event's level says. Next: do_fred_ring0(regs). No stamps: one may be what was interrupted.
 */
	.org	entry_fred + FRED_RING0_OFFSET, 0xcc
ENTRY entry_fred_ring0
PHASE fred_ring0, save_regs, stamp=0
	PUSH_AND_CLEAR_REGS ax=%rax
	MARK_KERNEL_STACK
PHASE fred_ring0, speculation_in, stamp=0
	SPEC_CTRL_TO_KERNEL_SAVING save=%r15d
	BARRIER_ON_ENTRY
PHASE fred_ring0, dispatch, stamp=0
	movq	%rsp, %rdi
	call	do_fred_ring0
PHASE fred_ring0, speculation_out, stamp=0
	SPEC_CTRL_RESTORE save=%r15d
PHASE fred_ring0, restore_regs, stamp=0
	POP_REGS_EXCEPT_RDI
	popq	%rdi
PHASE fred_ring0, leave, stamp=0
	ERETS
PHASE fred_ring0, end, stamp=0
END entry_fred_ring0

/*
 * void fred_unblock_nmis(void): lets NMIs in, as the way back from one does. Stack level 0.
 * Clobbers rax, rdx.
 */
ENTRY fred_unblock_nmis
	ENDBR
	popq	%rdx			/* return address */
	movq	%rsp, %rax
	pushq	$(KERNEL_DS | SS_NMI << 16)
	pushq	%rax
	pushfq
	pushq	$KERNEL_CS
	pushq	%rdx
	pushq	$0			/* error code */
	ERETS
END fred_unblock_nmis

/* The way out from C, by a pointer: also first entry of a program. Needs: rsp = pt_regs. */
ENTRY return_to_user_from_c
	ENDBR
	jmp	return_to_user_by_eretu
END return_to_user_from_c

	FAR_PART

	.section .note.GNU-stack, "", @progbits
