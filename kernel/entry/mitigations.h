/*
 * Protections against speculation, as steps of the entry and exit paths: each defined full, then
 * empty. None changes what ring 3 can see; each costs something, and has a variant of its own that
 * shows it. docs/entry-paths.md says what each is against.
 */
/* clang-format off */

/*
 * FENCE_SWAPGS_*: no load through GS before it is known whether SWAPGS was executed (Spectre v1,
 * CVE-2019-1125). lfence=idt fences what can be mispredicted: both sides of the branch on CS in
 * entries through the IDT. lfence=all also SYSCALL's, which no branch guards. Clobber nothing.
 */
#if FEATURE_lfence_idt || FEATURE_lfence_all
.macro FENCE_SWAPGS
	lfence
.endm
#else
.macro FENCE_SWAPGS
.endm
#endif

#if FEATURE_lfence_all
.macro FENCE_SWAPGS_UNCONDITIONAL
	lfence
.endm
#else
.macro FENCE_SWAPGS_UNCONDITIONAL
.endm
#endif

/*
 * IBRS: while the kernel runs, indirect branches do not follow what ring 3 has trained (SDM 4
 * "IA32_SPEC_CTRL"). Clobber rax, rcx, rdx. SPEC_CTRL_TO_KERNEL_SAVING, for entries that may
 * interrupt the kernel, keeps what it finds in \save (a register that C preserves) for
 * SPEC_CTRL_RESTORE.
 */
#if FEATURE_bhb_dis_s
#define SPEC_CTRL_IN_KERNEL (SPEC_CTRL_IBRS | SPEC_CTRL_BHI_DIS_S)
#define SPEC_CTRL_IN_RING3  SPEC_CTRL_BHI_DIS_S
#else
#define SPEC_CTRL_IN_KERNEL SPEC_CTRL_IBRS
#define SPEC_CTRL_IN_RING3  0
#endif
#if FEATURE_ibrs_on
.macro SPEC_CTRL_TO_KERNEL
	movl	$MSR_SPEC_CTRL, %ecx
	movl	$SPEC_CTRL_IN_KERNEL, %eax
	xorl	%edx, %edx
	wrmsr
.endm
.macro SPEC_CTRL_TO_USER
	movl	$MSR_SPEC_CTRL, %ecx
#if SPEC_CTRL_IN_RING3
	movl	$SPEC_CTRL_IN_RING3, %eax
#else
	xorl	%eax, %eax
#endif
	xorl	%edx, %edx
	wrmsr
.endm
.macro SPEC_CTRL_TO_KERNEL_SAVING save:req
	movl	$MSR_SPEC_CTRL, %ecx
	rdmsr
	movl	%eax, \save
	movl	$SPEC_CTRL_IN_KERNEL, %eax
	xorl	%edx, %edx
	wrmsr
.endm
.macro SPEC_CTRL_RESTORE save:req
	movl	$MSR_SPEC_CTRL, %ecx
	movl	\save, %eax
	xorl	%edx, %edx
	wrmsr
.endm
#else
.macro SPEC_CTRL_TO_KERNEL
.endm
.macro SPEC_CTRL_TO_USER
.endm
.macro SPEC_CTRL_TO_KERNEL_SAVING save:req
.endm
.macro SPEC_CTRL_RESTORE save:req
.endm
#endif

/*
 * Nothing that was trained before steers an indirect branch from here on (retbleed=ibpb). Clobbers
 * rax, rcx, rdx.
 */
.macro BRANCH_PREDICTION_BARRIER
	movl	$MSR_PRED_CMD, %ecx
	movl	$PRED_CMD_IBPB, %eax
	xorl	%edx, %edx
	wrmsr
.endm
#if FEATURE_ibpb_entry
.macro BARRIER_ON_ENTRY
	BRANCH_PREDICTION_BARRIER
.endm
#else
.macro BARRIER_ON_ENTRY
.endm
#endif

/*
 * What a guest has trained does not steer ring 3's branches (VMSCAPE, CVE-2025-40300): a barrier on
 * the first way out after a guest has run, which a flag says. Needs kernel GS. Clobbers rax, rcx,
 * rdx and flags.
 */
#if FEATURE_vmscape_on
.macro BARRIER_AFTER_GUEST
	cmpb	$0, PER_CPU(guest_ran)
	jne	.Lguest_ran\@
.Lno_guest\@:
	.subsection 1
.Lguest_ran\@:
	BRANCH_PREDICTION_BARRIER
	movb	$0, PER_CPU(guest_ran)
	jmp	.Lno_guest\@
	.previous
.endm
#else
.macro BARRIER_AFTER_GUEST
.endm
#endif

/*
 * The divider of Zen 1 forwards the quotient of the last division where the next one faults
 * (CVE-2023-20588): a harmless one leaves nothing of the kernel's there. Clobbers rax, rcx, rdx and
 * flags.
 */
#if FEATURE_divider_on
.macro CLEAR_DIVIDER
	xorl	%eax, %eax
	xorl	%edx, %edx
	movl	$1, %ecx
	divl	%ecx
.endm
#else
.macro CLEAR_DIVIDER
.endm
#endif

/*
 * Fills the return stack buffer with 32 entries that lead to a trap, so that no RET of the kernel
 * follows one of ring 3's. Clobbers rax and flags, and two words below rsp: they lie among those
 * that the stack erase fills without a look.
 */
#if FEATURE_rsb_on
#define RSB_ENTRIES 32
.if ERASE_SHALLOW < 2
.error "FILL_RETURN_STACK_BUFFER writes below what the stack erase always fills"
.endif
.macro FILL_RETURN_STACK_BUFFER
	movl	$RSB_ENTRIES / 2, %eax
.Lrsb_fill\@:
	call	.Lrsb_second\@
	int3				/* a RET that is predicted to come here stops */
.Lrsb_second\@:
	call	.Lrsb_filled\@
	int3
.Lrsb_filled\@:
	addq	$2 * 8, %rsp
	decl	%eax
	jnz	.Lrsb_fill\@
	lfence
.endm
#else
.macro FILL_RETURN_STACK_BUFFER
.endm
#endif

/*
 * Replaces ring 3's branches in the branch history by these taken ones (branch history injection,
 * CVE-2022-0001): the shape that Intel gives for CPUs without BHI_DIS_S, five calls deep with five
 * rounds each; bhb=long has 12 with 7, for the longer history of Alder Lake and later. With
 * bhb=dis_s there is no step: a bit of IA32_SPEC_CTRL is set once (cpu/features.c). Clobbers rax,
 * rcx and flags, and six words below rsp, which the stack erase finds, since a return address is
 * never its poison.
 */
#if FEATURE_bhb_long
#define BHB_DEPTH  12
#define BHB_ROUNDS 7
#else
#define BHB_DEPTH  5
#define BHB_ROUNDS 5
#endif
#if FEATURE_bhb_loop || FEATURE_bhb_long
.macro CLEAR_BRANCH_HISTORY
	movl	$BHB_DEPTH, %ecx
	call	.Lbhb_deeper\@
	jmp	.Lbhb_cleared\@
	.balign 64, 0xcc
	SKIP_TO_UPPER_HALF .Lbhb_deeper\@, .Lbhb_ret\@
.Lbhb_deeper\@:
	call	.Lbhb_rounds\@
.Lbhb_ret\@:
	RETURN_FROM_LOOP
	.balign 64, 0xcc
	SKIP_TO_UPPER_HALF .Lbhb_rounds\@, .Lbhb_rounds_ret\@
.Lbhb_rounds\@:
	movl	$BHB_ROUNDS, %eax
.Lbhb_round\@:
	jmp	.Lbhb_taken\@
	nop
.Lbhb_taken\@:
	decl	%eax
	jnz	.Lbhb_round\@
	decl	%ecx
	jnz	.Lbhb_deeper\@
.Lbhb_rounds_ret\@:
	RETURN_FROM_LOOP
.Lbhb_cleared\@:
	lfence
.endm
#else
.macro CLEAR_BRANCH_HISTORY
.endm
#endif

/*
 * The CPU's buffers lose what the kernel left in them (MDS, CVE-2018-12130): microcode gave VERW
 * this effect, in its form with a memory operand. The selector lies in the entry code, which ring
 * 3's page table maps too. Clobbers ZF.
 */
#if FEATURE_verw_mds || FEATURE_verw_rfds || FEATURE_verw_tsa
.macro CLEAR_CPU_BUFFERS
	verw	entry_verw_selector(%rip)
.endm
#else
.macro CLEAR_CPU_BUFFERS
.endm
#endif

/*
 * An indirect jump of C code: plain, or as a retpoline, whose prediction is a RET to a loop that
 * does nothing (Spectre v2, CVE-2017-5715). The INT3 is never reached: it ends speculation that
 * runs straight on.
 */
#if FEATURE_retpoline_on
.macro INDIRECT_JUMP target:req
	call	.Ljump\@
.Lpredicted\@:
	pause
	lfence
	jmp	.Lpredicted\@
.Ljump\@:
	movq	\target, (%rsp)
	ret
	int3
.endm
#else
.macro INDIRECT_JUMP target:req
	jmp	*\target
	int3
.endm
#endif
