/*
 * The steps of the entry and exit paths as macros. A step that a feature turns off is defined empty here, so the paths
 * themselves hold no condition. Features arrive as FEATURE_<name>_<value> = 1 (variants/).
 */
/* clang-format off */
#include "asm.h"
#include "mitigations.h"

#define KPTI	   (FEATURE_kpti_on || FEATURE_kpti_pcid)
#define TRAMPOLINE (KPTI || FEATURE_erase_on)

/* The IRET frame above pt_regs' orig_ax, as offsets from pt_regs. */
#define FRAME_SIZE (5 * 8)

/* ---- registers ------------------------------------------------------------------------------------------------- */

/*
 * Pushes orig_ax's lower neighbours: all general registers, in pt_regs order, and clears each one that ring 3 controls,
 * so that no value of its can steer speculation in C. Needs: rsp right below orig_ax. \ax is what goes to pt_regs->ax.
 * \cx too. \pushed: 0, or 2 when di and si are in their slots already. Clobbers nothing that is not saved; rax, rdi keep their value.
 */
.macro PUSH_AND_CLEAR_REGS ax:req cx=%rcx pushed=0
	.if \pushed == 0
	pushq	%rdi			/* pt_regs->di */
	pushq	%rsi			/* pt_regs->si */
	.endif
	pushq	%rdx			/* pt_regs->dx */
	pushq	\cx			/* pt_regs->cx */
	pushq	\ax			/* pt_regs->ax */
	pushq	%r8			/* pt_regs->r8 */
	pushq	%r9			/* pt_regs->r9 */
	pushq	%r10			/* pt_regs->r10 */
	pushq	%r11			/* pt_regs->r11 */
	pushq	%rbx			/* pt_regs->bx */
	pushq	%rbp			/* pt_regs->bp */
	pushq	%r12			/* pt_regs->r12 */
	pushq	%r13			/* pt_regs->r13 */
	pushq	%r14			/* pt_regs->r14 */
	pushq	%r15			/* pt_regs->r15 */
	xorl	%esi, %esi
	xorl	%edx, %edx
	xorl	%ecx, %ecx
	xorl	%r8d, %r8d
	xorl	%r9d, %r9d
	xorl	%r10d, %r10d
	xorl	%r11d, %r11d
	xorl	%ebx, %ebx
	xorl	%ebp, %ebp
	xorl	%r12d, %r12d
	xorl	%r13d, %r13d
	xorl	%r14d, %r14d
	xorl	%r15d, %r15d
.endm

/* Restores all but rdi. Needs: rsp = pt_regs. Leaves: rsp at pt_regs->di. */
.macro POP_REGS_EXCEPT_RDI
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rax
	popq	%rcx
	popq	%rdx
	popq	%rsi
.endm

/* ---- page tables (KPTI) ------------------------------------------------------------------------------------------ */

/*
 * To the kernel's page table. Clobbers \scratch and flags. Needs: code and GS block mapped in both tables. With PCIDs
 * bit 63 keeps the TLB entries of the address space entered (SDM 3A 4.10.4.1).
 */
#if FEATURE_kpti_pcid
.macro SWITCH_TO_KERNEL_CR3 scratch:req
	movq	%cr3, \scratch
	btsq	$CR3_NOFLUSH_BIT, \scratch
	andq	$~(CR3_USER_TABLE | CR3_USER_PCID), \scratch
	movq	\scratch, %cr3
.endm
.macro SWITCH_TO_USER_CR3 scratch:req
	movq	%cr3, \scratch
	orq	$(CR3_USER_TABLE | CR3_USER_PCID), \scratch
	btsq	$CR3_NOFLUSH_BIT, \scratch
	movq	\scratch, %cr3
.endm
#elif FEATURE_kpti_on
.macro SWITCH_TO_KERNEL_CR3 scratch:req
	movq	%cr3, \scratch
	andq	$~CR3_USER_TABLE, \scratch
	movq	\scratch, %cr3
.endm
.macro SWITCH_TO_USER_CR3 scratch:req
	movq	%cr3, \scratch
	orq	$CR3_USER_TABLE, \scratch
	movq	\scratch, %cr3
.endm
#else
.macro SWITCH_TO_KERNEL_CR3 scratch:req
.endm
.macro SWITCH_TO_USER_CR3 scratch:req
.endm
#endif

/*
 * For entries that may interrupt the kernel at any place, the entry code included: whichever table was in use goes to
 * \save (a register that C preserves) and comes back with RESTORE_CR3. Clobbers \scratch and flags.
 */
#if KPTI
.macro SAVE_AND_SWITCH_TO_KERNEL_CR3 scratch:req save:req
	movq	%cr3, \save
	movq	\save, \scratch
	SWITCH_TO_KERNEL_CR3 \scratch
.endm
.macro RESTORE_CR3 save:req
#if FEATURE_kpti_pcid
	btsq	$CR3_NOFLUSH_BIT, \save
#endif
	movq	\save, %cr3
.endm
#else
.macro SAVE_AND_SWITCH_TO_KERNEL_CR3 scratch:req save:req
.endm
.macro RESTORE_CR3 save:req
.endm
#endif

/* ---- stacks ------------------------------------------------------------------------------------------------------ */

/*
 * The last steps of an exit run on the trampoline (entry) stack, which both page tables map and which holds nothing but
 * ring 3's own values: the kernel stack may go away or be erased. Needs: rsp at pt_regs->di, all else restored.
 *
 * TO_TRAMPOLINE_FOR_SYSRET leaves rdi and rsp on top of the stack, FROM_TRAMPOLINE_FOR_SYSRET takes them. Without a
 * trampoline the first is empty and the second takes them from pt_regs. SYSEXIT needs rdi and, left on top, the flags.
 */
#if TRAMPOLINE
.macro TO_TRAMPOLINE_FOR_SYSRET
	movq	%rsp, %rdi
	movq	PER_CPU(trampoline_top), %rsp
	pushq	PT_REGS_sp - PT_REGS_di(%rdi)
	pushq	(%rdi)
.endm
.macro FROM_TRAMPOLINE_FOR_SYSRET
	popq	%rdi
	popq	%rsp
.endm
.macro TO_TRAMPOLINE_FOR_SYSEXIT
	movq	%rsp, %rdi
	movq	PER_CPU(trampoline_top), %rsp
	pushq	PT_REGS_flags - PT_REGS_di(%rdi)
	pushq	(%rdi)
.endm
.macro FROM_TRAMPOLINE_FOR_SYSEXIT
	popq	%rdi
.endm
.macro TO_TRAMPOLINE_FOR_IRET
	movq	%rsp, %rdi
	movq	PER_CPU(trampoline_top), %rsp
	pushq	PT_REGS_ss - PT_REGS_di(%rdi)
	pushq	PT_REGS_sp - PT_REGS_di(%rdi)
	pushq	PT_REGS_flags - PT_REGS_di(%rdi)
	pushq	PT_REGS_cs - PT_REGS_di(%rdi)
	pushq	PT_REGS_ip - PT_REGS_di(%rdi)
	pushq	(%rdi)
.endm
.macro FROM_TRAMPOLINE_FOR_IRET
	popq	%rdi
.endm
#else
.macro TO_TRAMPOLINE_FOR_SYSRET
.endm
.macro FROM_TRAMPOLINE_FOR_SYSRET
	popq	%rdi
	movq	PT_REGS_sp - PT_REGS_orig_ax(%rsp), %rsp
.endm
.macro TO_TRAMPOLINE_FOR_SYSEXIT
.endm
.macro FROM_TRAMPOLINE_FOR_SYSEXIT
	popq	%rdi
	addq	$(PT_REGS_flags - PT_REGS_orig_ax), %rsp
.endm
.macro TO_TRAMPOLINE_FOR_IRET
.endm
.macro FROM_TRAMPOLINE_FOR_IRET
	popq	%rdi
	addq	$8, %rsp		/* orig_ax */
.endm
#endif

/*
 * An exception or interrupt from ring 3 arrives on TSS.sp0: with a trampoline that is the entry stack, and the frame
 * moves to the kernel stack; without one it is the kernel stack. From an IST stack it always moves.
 * Needs: kernel CR3 and GS, rsp at pt_regs->si, rsi free.
 */
.macro FRAME_TO_KERNEL_STACK
	movq	%rsp, %rsi
	movq	PER_CPU(kernel_top), %rsp
	pushq	PT_REGS_ss - PT_REGS_si(%rsi)
	pushq	PT_REGS_sp - PT_REGS_si(%rsi)
	pushq	PT_REGS_flags - PT_REGS_si(%rsi)
	pushq	PT_REGS_cs - PT_REGS_si(%rsi)
	pushq	PT_REGS_ip - PT_REGS_si(%rsi)
	pushq	PT_REGS_orig_ax - PT_REGS_si(%rsi)
	pushq	PT_REGS_di - PT_REGS_si(%rsi)
	pushq	(%rsi)
.endm
#if TRAMPOLINE
.macro ENTRY_STACK_TO_KERNEL_STACK
	FRAME_TO_KERNEL_STACK
.endm
#else
.macro ENTRY_STACK_TO_KERNEL_STACK
.endm
#endif

/*
 * Poisons every word of the kernel stack that was written since ring 3 ran last. Below the words that every entry writes it
 * looks for ERASE_RUN poisoned ones (kernel/include/erase.h says why those prove that nothing below was written), from the
 * lowest stack_mark() if there is one; then it fills from there to the top.
 * Needs: rsp on the trampoline, rdi free, kernel CR3 and GS, DF clear. Clobbers rdi and flags.
 */
#if FEATURE_erase_on
.macro ERASE_KERNEL_STACK
	pushq	%rax
	pushq	%rcx
	cmpq	$0, PER_CPU(erase_mark)
	movq	PER_CPU(erase_look), %rdi
	movq	$STACK_POISON, %rax
	jne	.Lerase_marked\@
	IF_POISONED_ELSE .Lerase_lower\@
	POISON_WORDS %rdi, ERASE_RUN, ERASE_SHALLOW + PT_REGS_SIZE / 8
.Lerase_done\@:
	popq	%rcx
	popq	%rax
	.subsection 1
.Lerase_marked\@:
	movq	PER_CPU(erase_mark), %rdi
	movq	$0, PER_CPU(erase_mark)
.Lerase_look\@:
	IF_POISONED_ELSE .Lerase_lower\@
	jmp	.Lerase_fill\@
.Lerase_lower\@:			/* something was written in the window: the next lower one */
	subq	$ERASE_RUN * 8, %rdi
	cmpq	PER_CPU(stack_bottom), %rdi
	jae	.Lerase_look\@
	movq	PER_CPU(stack_bottom), %rdi
.Lerase_fill\@:			/* blocks of eight words downwards: below rdi there is poison already */
	movq	PER_CPU(kernel_top), %rcx
.Lerase_block\@:
	subq	$64, %rcx
	POISON_WORDS %rcx, 0, 8
	cmpq	%rdi, %rcx
	ja	.Lerase_block\@
	jmp	.Lerase_done\@
	.previous
.endm

/* Goes on where the ERASE_RUN words at rdi are all rax, else jumps. No REP: how emulators count one differs. */
.macro IF_POISONED_ELSE otherwise:req
	.set	word, 0
	.rept	ERASE_RUN
	cmpq	%rax, word * 8(%rdi)
	jne	\otherwise
	.set	word, word + 1
	.endr
.endm

/* rax into \count words, \first words above \base. */
.macro POISON_WORDS base:req first:req count:req
	.set	word, \first
	.rept	\count
	movq	%rax, word * 8(\base)
	.set	word, word + 1
	.endr
.endm
#else
.macro ERASE_KERNEL_STACK
.endm
#endif

/*
 * An entry that interrupts ring 0 on a kernel stack marks its frame for the erase: the registers it saves may hold anything.
 * Needs: kernel GS, rsp = pt_regs. Clobbers rax and flags.
 */
#if FEATURE_erase_on
.macro MARK_KERNEL_STACK
	leaq	-ERASE_RUN * 8(%rsp), %rax
	cmpq	PER_CPU(kernel_top), %rsp
	jae	.Lno_mark\@			/* another stack */
	cmpq	$0, PER_CPU(erase_mark)
	je	.Lmark\@
	cmpq	%rax, PER_CPU(erase_mark)
	jbe	.Lno_mark\@			/* one lies lower already */
.Lmark\@:
	movq	%rax, PER_CPU(erase_mark)
.Lno_mark\@:
.endm
#else
.macro MARK_KERNEL_STACK
.endm
#endif

/* ---- IRET to a stack segment of the LDT (ESPFIX64) --------------------------------------------------------------- */

/*
 * Where a stack segment has 16 bits (D/B = 0, SDM 3A 3.4.5) IRET to code that is not 64-bit loads SP alone: bits 31:16 of
 * ESP stay the kernel's, so ring 3 sees them and has lost its own. Only the LDT can hold such a segment. So the frame, rdi
 * below it, moves to the ministack, and rsp to that one's alias which has ring 3's own bits 31:16 (cpu/espfix.c). The aliases
 * are read-only: a fault of that IRET cannot be delivered there, which makes it a #DF (ADOPT_FAULT_ON_MINISTACK).
 *
 * Needs: rsp at the saved rdi below the frame, as the trampoline leaves it or pt_regs has it; kernel CR3 and GS.
 * Leaves: the same words on top of the stack, to be popped, never pushed over. Clobbers rdi and flags.
 */
#if TRAMPOLINE
#define LEAVING_WORDS 6			/* rdi, rip, cs, rflags, rsp, ss */
#else
#define LEAVING_WORDS 7			/* orig_ax above rdi */
#endif
#define LEAVING_SP ((LEAVING_WORDS - 2) * 8)
#define LEAVING_SS ((LEAVING_WORDS - 1) * 8)

#if FEATURE_espfix_on
.macro TO_MINISTACK_FOR_LDT
	testb	$SELECTOR_TI, LEAVING_SS(%rsp)
	jnz	.Lto_ministack\@
.Lready\@:
	.subsection 1
.Lto_ministack\@:
	movq	PER_CPU(ministack), %rdi
	.set	word, 0
	.rept	LEAVING_WORDS
	popq	word * 8(%rdi)
	.set	word, word + 1
	.endr
	movl	LEAVING_SP(%rdi), %edi
	andl	$(ESPFIX_SIZE - ESPFIX_STRIDE), %edi
	orq	PER_CPU(ministack_alias), %rdi
	movq	%rdi, %rsp
	jmp	.Lready\@
	.previous
.endm

/*
 * In #DF: where IRETQ faulted on the ministack it goes on as #GP of ring 3 with error code 0, as on Linux; which fault it was is
 * lost. rip and rsp together tell. Needs: rsp at pt_regs->si. Clobbers flags, and edi where it jumps.
 */
.macro ADOPT_FAULT_ON_MINISTACK
	cmpq	$iret_to_user, PT_REGS_ip - PT_REGS_si(%rsp)
	jne	.Lnot_on_ministack\@
	cmpl	$(ESPFIX_BASE >> 32), PT_REGS_sp + 4 - PT_REGS_si(%rsp)
	jne	.Lnot_on_ministack\@
	movl	$VECTOR_GP, %edi
	jmp	adopt_return
.Lnot_on_ministack\@:
.endm
#else
.macro TO_MINISTACK_FOR_LDT
.endm
.macro ADOPT_FAULT_ON_MINISTACK
.endm
#endif

/* ---- the choice between SYSRET and IRET -------------------------------------------------------------------------- */

/*
 * Goes on where SYSRET gives ring 3 exactly what pt_regs says once all registers are restored, else jumps to \otherwise.
 * Needs: rsp = pt_regs. Clobbers rcx, r11 and flags. The conditions are those of Linux 5.8 (seeds); SYSRET: SDM 2B.
 *  - RCX = RIP, R11 = RFLAGS: SYSRET loads RIP from RCX and RFLAGS from R11, so both must look so in ring 3.
 *  - RIP canonical: Intel's SYSRET faults in ring 0 on ring 3's stack otherwise. Copying the top bit down changes it.
 *  - RF cannot be set by SYSRET; TF would trap before one instruction of ring 3 has run.
 *  - CS, SS: SYSRET loads fixed ones.
 */
#if FEATURE_la57_on
#define VIRTUAL_BITS 57
#else
#define VIRTUAL_BITS 48
#endif

#if FEATURE_choice_c
/* Linux 6.x' way: C has looked at pt_regs (do_syscall_64_choosing) and said in al. Clobbers flags. */
.macro SYSRET_OR otherwise:req
	testb	%al, %al
	jz	\otherwise
.endm
#elif FEATURE_exit_sysret
.macro SYSRET_OR otherwise:req
	movq	PT_REGS_cx(%rsp), %rcx
	movq	PT_REGS_ip(%rsp), %r11
	cmpq	%rcx, %r11
	jne	\otherwise
	shlq	$(64 - VIRTUAL_BITS), %rcx
	sarq	$(64 - VIRTUAL_BITS), %rcx
	cmpq	%rcx, %r11
	jne	\otherwise
	cmpq	$USER_CS, PT_REGS_cs(%rsp)
	jne	\otherwise
	movq	PT_REGS_r11(%rsp), %r11
	cmpq	%r11, PT_REGS_flags(%rsp)
	jne	\otherwise
	testq	$(FLAG_RF | FLAG_TF), %r11
	jnz	\otherwise
	cmpq	$USER_DS, PT_REGS_ss(%rsp)
	jne	\otherwise
.endm
#endif

/* ---- the call of C -----------------------------------------------------------------------------------------------

 * rdi = pt_regs, rsi = the number, sign-extended from 32 bits. Clobbers what C may; returns with IRQs off.
 */
#if FEATURE_choice_c
.macro CALL_DO_SYSCALL_64
	call	do_syscall_64_choosing
.endm
#else
.macro CALL_DO_SYSCALL_64
	call	do_syscall_64
.endm
#endif

/* ---- coming from ring 0 ------------------------------------------------------------------------------------------ */

/*
 * Jumps to \then where the instruction interrupted is one of those that leave ring 0 on ring 3's GS, CR3 and registers: IRETQ
 * and the far return may fault there, and at the far return and SYSEXIT IRQs may be on. Needs: rsp at pt_regs->si. Clobbers
 * rsi and flags.
 */
.macro IF_LEAVING then:req
	movq	PT_REGS_ip - PT_REGS_si(%rsp), %rsi
	cmpq	$iret_to_user, %rsi
	je	\then
	cmpq	$entry_interrupt_gate, %rsi
	je	\then
	cmpq	$entry_call_gate, %rsi
	je	\then
	cmpq	$sysexit_to_user, %rsi
	je	\then
.endm

/*
 * For entries that may interrupt the kernel at any place: GS base becomes the kernel's if it is not, and what it was comes back
 * with GS_RESTORE. rbx keeps it in between. Clobber rax, rcx, rdx and flags.
 *
 * paranoid=rdmsr: the kernel's GS base is negative; that ring 3's is not is what CR4.FSGSBASE = 0 and arch_prctl ensure.
 * paranoid=fsgsbase: ring 3 may set any, so its sign tells nothing; the kernel's is known.
 */
#if FEATURE_paranoid_fsgsbase
.macro GS_TO_KERNEL_SAVING
	rdgsbase %rbx
	movabsq	$(CPU_ENTRY_AREA_BASE + AREA_percpu), %rax
	wrgsbase %rax
.endm
.macro GS_RESTORE
	wrgsbase %rbx
	CLEAR_CPU_BUFFERS
.endm
#else
.macro GS_TO_KERNEL_SAVING
	movl	$1, %ebx		/* GS base is the kernel's already */
	movl	$MSR_GS_BASE, %ecx
	rdmsr
	testl	%edx, %edx
	js	.Lkernel_gs\@
	swapgs
	xorl	%ebx, %ebx
.Lkernel_gs\@:
	FENCE_SWAPGS
.endm
.macro GS_RESTORE
	testl	%ebx, %ebx
	jnz	.Lkeep_gs\@
	swapgs
	CLEAR_CPU_BUFFERS
.Lkeep_gs\@:
.endm
#endif

/* ---- small ones -------------------------------------------------------------------------------------------------- */

/* SMAP: an entry through the IDT keeps ring 3's AC. (SYSCALL clears it by SFMASK.) Clobbers flags. */
.macro CLEAR_AC
	testb	$1, PER_CPU(has_smap)
	jz	.Lno_smap\@
	clac
.Lno_smap\@:
.endm
