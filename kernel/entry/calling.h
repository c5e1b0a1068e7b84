/*
 * The steps of the entry and exit paths as macros. A step that a feature turns off is defined empty
 * here, so the paths themselves hold no condition. Every value of every feature is defined, as 0 or
 * 1 (cmake/EntryFeatures.cmake).
 */
/* clang-format off */
#include "entry/asm.h"
#include "entry/dispatch.h"
#include "returns.h"
#include "mitigations.h"

#define KPTI	   (FEATURE_kpti_on || FEATURE_kpti_pcid)
#define TRAMPOLINE (KPTI || FEATURE_erase_on)

/* The IRET frame above pt_regs' orig_ax, as offsets from pt_regs. */
#define FRAME_SIZE (5 * 8)

/* ---- registers ---- */

/*
 * Pushes orig_ax's lower neighbours: all general registers, in pt_regs order, and clears each one
 * that ring 3 controls, so that no value of its can steer speculation in C. Needs: rsp right below
 * orig_ax. \ax is what goes to pt_regs->ax. \cx too. \pushed: 0, or 2 when di and si are in their
 * slots already. Clobbers nothing that is not saved; rax, rdi keep their value.
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

/* ---- page tables (KPTI) ---- */
#include "cr3.h"

/* ---- stacks ---- */

/*
 * The last steps of an exit run on the trampoline (entry) stack, which both page tables map and
 * which holds nothing but ring 3's own values: the kernel stack may go away or be erased. Needs:
 * rsp at pt_regs->di, all else restored.
 *
 * TO_TRAMPOLINE_FOR_SYSRET leaves rdi and rsp on top of the stack, FROM_TRAMPOLINE_FOR_SYSRET takes
 * them. Without a trampoline the first is empty and the second takes them from pt_regs. SYSEXIT
 * needs rdi and, left on top, the flags.
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
.macro TO_TRAMPOLINE_FOR_ERETU
	movq	%rsp, %rdi
	movq	PER_CPU(trampoline_top), %rsp
	pushq	PT_REGS_ss - PT_REGS_di(%rdi)
	pushq	PT_REGS_sp - PT_REGS_di(%rdi)
	pushq	PT_REGS_flags - PT_REGS_di(%rdi)
	pushq	PT_REGS_cs - PT_REGS_di(%rdi)
	pushq	PT_REGS_ip - PT_REGS_di(%rdi)
	pushq	$0			/* in the place of an error code */
	pushq	(%rdi)
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
.macro TO_TRAMPOLINE_FOR_ERETU
.endm
.macro FROM_TRAMPOLINE_FOR_IRET
	popq	%rdi
	addq	$8, %rsp		/* orig_ax */
.endm
#endif

/*
 * An exception or interrupt from ring 3 arrives on TSS.sp0: with a trampoline that is the entry
 * stack, and the frame moves to the kernel stack; without one it is the kernel stack. From an IST
 * stack it always moves. Needs: kernel CR3 and GS, rsp at pt_regs->si, rsi free.
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

#include "rseq.h"
#include "erase_stack.h"
#include "kstack_offset.h"

/* ---- IRET to a stack segment of the LDT (ESPFIX64) ---- */
#include "ministack.h"

/* ---- the choice between SYSRET and IRET ---- */

/*
 * Goes on where SYSRET gives ring 3 exactly what pt_regs says once all registers are restored, else
 * jumps to \otherwise. Needs: rsp = pt_regs. Clobbers rcx, r11 and flags. The conditions are those
 * of Linux 5.8 (seeds); SYSRET: SDM 2B.
 *  - RCX = RIP, R11 = RFLAGS: SYSRET loads RIP from RCX and RFLAGS from R11, so both must look so
 *    in ring 3.
 *  - RIP canonical: Intel's SYSRET faults in ring 0 on ring 3's stack otherwise. Copying the top
 *    bit down changes it.
 *  - RF cannot be set by SYSRET; TF would trap before one instruction of ring 3 has run.
 *  - CS, SS: SYSRET loads fixed ones.
 */
#if FEATURE_la57_on
#define VIRTUAL_BITS 57
#else
#define VIRTUAL_BITS 48
#endif

#if FEATURE_choice_c
/*
 * Linux 6.x' way: C has looked at pt_regs (do_syscall_64_choosing) and said in al. Clobbers flags.
 */
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

/* ---- the call of C ---- */

/*
 * rdi = pt_regs, rsi = the system call number, zero-extended from 32 bits. Clobbers what C may;
 * returns with IRQs off.
 */
.macro CALL_DO_SYSCALL_64
	CALL_ON_RANDOMISED_STACK DO_SYSCALL_64
.endm

/* ---- coming from ring 0 ---- */

/*
 * Jumps to \then where the instruction interrupted is one of those that leave ring 0 on ring 3's
 * GS, CR3 and registers: IRETQ and the far return may fault there, and at the far return and
 * SYSEXIT IRQs may be on. Needs: rsp at pt_regs->si. Clobbers rsi and flags.
 */
.macro IF_LEAVING then:req
	movq	PT_REGS_ip - PT_REGS_si(%rsp), %rsi
	cmpq	$iret_to_user, %rsi
	je	\then
	cmpq	$interrupt_gate_iretq, %rsi
	je	\then
	cmpq	$call_gate_lretq, %rsi
	je	\then
#if CORE_ENDBR
	cmpq	$entry_call_gate, %rsi
	je	\then
#endif
	cmpq	$sysexit_to_user, %rsi
	je	\then
.endm

/*
 * For entries that may interrupt the kernel at any place: GS base becomes the kernel's if it is
 * not, and what it was comes back with GS_RESTORE. rbx keeps it in between. Clobber rax, rcx, rdx
 * and flags.
 *
 * paranoid=rdmsr: the kernel's GS base is negative; that ring 3's is not is what CR4.FSGSBASE = 0
 * and arch_prctl ensure.
 * paranoid=fsgsbase: ring 3 may set any base, so its sign tells nothing; the kernel's is known.
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

/* ---- FRED's ways out, which assemblers of today do not all know ---- */

/* To ring 3. Needs: rsp one word below rip, cs, rflags, rsp, ss; stack level 0. */
.macro ERETU
	.byte	0xf3, 0x0f, 0x01, 0xca
.endm

/* To ring 0, and to the stack level that cs says. Needs: rsp as for ERETU. */
.macro ERETS
	.byte	0xf2, 0x0f, 0x01, 0xca
.endm

/* ---- small ones ---- */

/*
 * SMAP: an entry through the IDT keeps ring 3's AC. (SYSCALL clears it by SFMASK.) Clobbers flags.
 */
.macro CLEAR_AC
	testb	$1, PER_CPU(has_smap)
	jz	.Lno_smap\@
	clac
.Lno_smap\@:
.endm
