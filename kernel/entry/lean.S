/*
 * SYSCALL from 64-bit code with every guarantee of syscall_64.S in as few instructions as could be
 * proved enough: docs/lean.md says for each one left out what stands in for it.
 *
 * Entry state as in syscall_64.S, but that SFMASK lets TF through (cpu/traps.c sees to it). The
 * fast path calls a system call's function with what struct syscall_args says in its place on the
 * stack, and ip, flags, bx, bp, r12 to r15. Nothing of that changes until SYSRET. The function's
 * result stays in rax, ring 3's stack pointer in the per-CPU block: a task that is switched out
 * takes it along (task/sched.c). What needs more goes the slow path, as in syscall_64.S, with a
 * full pt_regs.
 */
#include "calling.h"
#include "sysret_exit.h"

#if !FEATURE_exit_sysret || FEATURE_erase_on || FEATURE_la57_on || FEATURE_choice_c
#error "dispatch=lean: exit=sysret, erase=off, la57=off, choice=asm"
#endif
#if FEATURE_retpoline_on || FEATURE_ibrs_on || FEATURE_rsb_on || FEATURE_bhb_loop || \
	FEATURE_bhb_long || FEATURE_ibpb_entry || FEATURE_vmscape_on || FEATURE_divider_on || \
	!FEATURE_kstack_offset_off || !FEATURE_return_thunk_off || FEATURE_call_depth_on || \
	FEATURE_its_on || FEATURE_ibt_on
#error "dispatch=lean has no place for most protections against speculation, and for kstack_offset"
#endif

	.section .entry.text, "ax"

/* The page table by what C has left in the per-CPU block. Clobber \scratch. */
#if KPTI
.macro LOAD_CR3 from:req scratch:req
	movq	\from, \scratch
	movq	\scratch, %cr3
.endm
#else
.macro LOAD_CR3 from:req scratch:req
.endm
#endif

/* What the fast path leaves out of pt_regs, but for ax. Needs: rsp = pt_regs. Clobbers nothing. */
.macro COMPLETE_PT_REGS
	movq	$USER_DS, PT_REGS_ss(%rsp)
	movq	$USER_CS, PT_REGS_cs(%rsp)
	pushq	PER_CPU(user_rsp)
	popq	PT_REGS_sp(%rsp)
	pushq	PT_REGS_ip(%rsp)
	popq	PT_REGS_cx(%rsp)
	pushq	PT_REGS_flags(%rsp)
	popq	PT_REGS_r11(%rsp)
.endm

ENTRY entry_lean
PHASE syscall, swapgs, stamp=0
	swapgs
	FENCE_SWAPGS_UNCONDITIONAL
	movq	%rsp, PER_CPU(user_rsp)
PHASE syscall, cr3_to_kernel, stamp=0
	LOAD_CR3 PER_CPU(kernel_cr3), scratch=%rsp
PHASE syscall, stack, stamp=0
	movq	PER_CPU(kernel_regs), %rsp
PHASE syscall, save_regs
	movq	%r11, PT_REGS_flags(%rsp)
	movq	%rcx, PT_REGS_ip(%rsp)
	movq	%rax, PT_REGS_orig_ax(%rsp)
	movq	%rdi, PT_REGS_di(%rsp)
	movq	%rsi, PT_REGS_si(%rsp)
	movq	%rdx, PT_REGS_dx(%rsp)
	movq	%r8, PT_REGS_r8(%rsp)
	movq	%r9, PT_REGS_r9(%rsp)
	movq	%r10, PT_REGS_r10(%rsp)
	movq	%rbx, PT_REGS_bx(%rsp)
	movq	%rbp, PT_REGS_bp(%rsp)
	movq	%r12, PT_REGS_r12(%rsp)
	movq	%r13, PT_REGS_r13(%rsp)
	movq	%r14, PT_REGS_r14(%rsp)
	movq	%r15, PT_REGS_r15(%rsp)
	movq	current(%rip), %rbx
	movl	$SYSCALLS, %ecx
	xorl	%esi, %esi
	xorl	%edx, %edx
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	xorl	%r10d, %r10d
	xorl	%r11d, %r11d
	xorl	%ebp, %ebp
	xorl	%r12d, %r12d
	xorl	%r13d, %r13d
	xorl	%r14d, %r14d
	xorl	%r15d, %r15d
PHASE syscall, dispatch
	/*
	 * Numbers from TASK_fast_calls up become SYSCALLS, whose function is all_regs_stub: of a
	 * task that is traced all do. No branch, so none is mispredicted. Zero-extends eax.
	 */
	cmpl	TASK_fast_calls(%rbx), %eax
	cmovael	%ecx, %eax
	movq	%rsp, %rdi
	sti
	call	*fast_table(, %rax, 8)
	cli
PHASE syscall, exit_work
	testl	$WORK_FAST_EXIT_MASK, TASK_work(%rbx)
	jnz	.Lslow_exit
PHASE syscall, fast_restore_regs
	movq	PT_REGS_ip(%rsp), %rcx
	movq	PT_REGS_flags(%rsp), %r11
	movq	PT_REGS_di(%rsp), %rdi
	movq	PT_REGS_si(%rsp), %rsi
	movq	PT_REGS_dx(%rsp), %rdx
	movq	PT_REGS_r8(%rsp), %r8
	movq	PT_REGS_r9(%rsp), %r9
	movq	PT_REGS_r10(%rsp), %r10
	movq	PT_REGS_bx(%rsp), %rbx
	movq	PT_REGS_bp(%rsp), %rbp
	movq	PT_REGS_r12(%rsp), %r12
	movq	PT_REGS_r13(%rsp), %r13
	movq	PT_REGS_r14(%rsp), %r14
	movq	PT_REGS_r15(%rsp), %r15
PHASE syscall, fast_cr3_to_user
	LOAD_CR3 PER_CPU(user_cr3), scratch=%rsp
PHASE syscall, fast_leave
	movq	PER_CPU(user_rsp), %rsp
	swapgs
	CLEAR_CPU_BUFFERS
	sysretq

.Lslow_exit:				/* something waits, or SYSRET may not do; IRQs off */
PHASE syscall, slow_exit_work
	andl	$~WORK_STEP, TASK_work(%rbx)
	movq	%rax, PT_REGS_ax(%rsp)
	COMPLETE_PT_REGS
	movq	%rsp, %rdi
	call	syscall_leave_work
	jmp	phase.syscall.exit_choice

.Lslow_path:				/* IRQs off */
PHASE syscall, slow_save_regs
	movq	$-ENOSYS, PT_REGS_ax(%rsp)
	COMPLETE_PT_REGS
PHASE syscall, slow_dispatch
	movl	PT_REGS_orig_ax(%rsp), %esi
	movq	%rsp, %rdi
	call	do_syscall_64
	LEAVE_BY_SYSRET_OR_IRET
PHASE syscall, end, stamp=0
END entry_lean

/*
 * What the table holds for functions that need a full pt_regs, and for numbers that it has no
 * function for. The return address is the fast path's.
 */
ENTRY all_regs_stub
PHASE syscall, all_regs_stub, stamp=0
	cli
	addq	$8, %rsp
	jmp	.Lslow_path
END all_regs_stub

	.section .note.GNU-stack, "", @progbits
