/*
 * SYSCALL from 64-bit code as Linux 4.4 had it: a fast path that never leaves assembly but for the
 * system call's own function, and a slow path for what that cannot serve. It predates KPTI,
 * register clearing, retpolines and the masked table index.
 *
 * Entry state as in syscall_64.S. The fast path leaves six slots of pt_regs unwritten: bx, bp, r12
 * to r15 are still in the registers, which C preserves. Functions take pt_regs here, where those of
 * 4.4 took six arguments (it moved r10 to rcx).
 */
#include "calling.h"

#if FEATURE_divider_on || FEATURE_vmscape_on || FEATURE_ibpb_entry || \
	!FEATURE_kstack_offset_off || FEATURE_rseq_on
#error "linux-4.4 predates divider, vmscape, ibpb, kstack_offset and rseq"
#endif

	.section .entry.text, "ax"

/* The six that the fast path leaves out. Need: rsp = pt_regs. Clobber nothing. */
.macro SAVE_EXTRA_REGS
	movq	%r15, PT_REGS_r15(%rsp)
	movq	%r14, PT_REGS_r14(%rsp)
	movq	%r13, PT_REGS_r13(%rsp)
	movq	%r12, PT_REGS_r12(%rsp)
	movq	%rbp, PT_REGS_bp(%rsp)
	movq	%rbx, PT_REGS_bx(%rsp)
.endm

/* Goes on where the task has none of the \work pending. Clobbers r11 and flags. */
.macro IF_NO_WORK work:req otherwise:req
	movq	current(%rip), %r11
	testl	$\work, TASK_work(%r11)
	jnz	\otherwise
.endm

ENTRY entry_linux_4_4
PHASE syscall, swapgs, stamp=0
	swapgs
	movq	%rsp, PER_CPU(user_rsp)
PHASE syscall, stack
	movq	PER_CPU(kernel_top), %rsp
PHASE syscall, save_regs
	pushq	$USER_DS		/* pt_regs->ss */
	pushq	PER_CPU(user_rsp)	/* pt_regs->sp */
	pushq	%r11			/* pt_regs->flags */
	pushq	$USER_CS		/* pt_regs->cs */
	pushq	%rcx			/* pt_regs->ip */
	pushq	%rax			/* pt_regs->orig_ax */
	pushq	%rdi			/* pt_regs->di */
	pushq	%rsi			/* pt_regs->si */
	pushq	%rdx			/* pt_regs->dx */
	pushq	%rcx			/* pt_regs->cx */
	pushq	$-ENOSYS		/* pt_regs->ax */
	pushq	%r8			/* pt_regs->r8 */
	pushq	%r9			/* pt_regs->r9 */
	pushq	%r10			/* pt_regs->r10 */
	pushq	%r11			/* pt_regs->r11 */
	subq	$(6 * 8), %rsp		/* pt_regs->bx, bp, r12 to r15 */
PHASE syscall, entry_work
	IF_NO_WORK WORK_ENTRY_MASK | WORK_EXIT_MASK, otherwise=.Lslow_path
PHASE syscall, dispatch
	sti
	movl	%eax, %eax		/* the number is 32 bits */
	cmpl	$(SYSCALLS - 1), %eax
	ja	.Lbeyond_table
	movq	%rsp, %rdi
	call	*fast_table(, %rax, 8)
.Lafter_fast_call:			/* all_regs_stub knows by this address who called */
	movq	%rax, PT_REGS_ax(%rsp)
PHASE syscall, exit_work
	cli
	IF_NO_WORK WORK_EXIT_MASK, otherwise=.Lslow_exit
	/*
	 * 4.4 kept the last page of ring 3 free, so that no SYSCALL could return to 1 << 47; this
	 * core lets programs map it.
	 */
	movq	PT_REGS_ip(%rsp), %rcx
	btq	$47, %rcx
	jc	.Lslow_exit
PHASE syscall, restore_regs
	movq	PT_REGS_flags(%rsp), %r11
	movq	PT_REGS_di(%rsp), %rdi
	movq	PT_REGS_si(%rsp), %rsi
	movq	PT_REGS_dx(%rsp), %rdx
	movq	PT_REGS_ax(%rsp), %rax
	movq	PT_REGS_r8(%rsp), %r8
	movq	PT_REGS_r9(%rsp), %r9
	movq	PT_REGS_r10(%rsp), %r10
PHASE syscall, fast_leave
	movq	PT_REGS_sp(%rsp), %rsp
	swapgs
	sysretq

.Lbeyond_table:				/* the core's own numbers, or none */
	cli
.Lslow_path:				/* IRQs off; di and the other arguments may be lost */
PHASE syscall, slow_save_regs
	SAVE_EXTRA_REGS
PHASE syscall, slow_dispatch
	movq	%rsp, %rdi
	movl	PT_REGS_orig_ax(%rsp), %esi
	call	do_syscall_64
PHASE syscall, slow_exit_choice
	SYSRET_OR otherwise=return_to_user_by_iret
PHASE syscall, slow_restore_regs
	POP_REGS_EXCEPT_RDI
PHASE syscall, leave
	FROM_TRAMPOLINE_FOR_SYSRET
	swapgs
	sysretq

.Lslow_exit:				/* work is pending, or SYSRET will not do; IRQs off */
PHASE syscall, slow_exit_work
	SAVE_EXTRA_REGS
	movq	%rsp, %rdi
	call	syscall_leave_work
	jmp	phase.syscall.slow_exit_choice
PHASE syscall, end, stamp=0
END entry_linux_4_4

/*
 * What the table holds for functions that need a full pt_regs: from the fast path to the slow one,
 * which calls the function itself by the core's table. rsp points to the return address.
 */
ENTRY all_regs_stub
PHASE syscall, all_regs_stub, stamp=0
	leaq	.Lafter_fast_call(%rip), %rax
	cmpq	%rax, (%rsp)
	jne	.Lnot_from_fast_path
	cli
	addq	$8, %rsp
	jmp	.Lslow_path
.Lnot_from_fast_path:
	ud2
END all_regs_stub

	.section .note.GNU-stack, "", @progbits
