/*
 * A random offset of the kernel stack for each system call. A part of calling.h, which includes it
 * where it belongs.
 */
/* clang-format off */

/*
 * Where a system call's frames lie differs from call to call by up to 1008 bytes, in steps of 16:
 * six bits, as on Linux for x86-64.
 *
 * Calls \function on the stack so moved. Needs: rsp = rdi = pt_regs, the kernel's page table.
 * Leaves rsp = pt_regs and what \function returns in eax; clobbers what C may, and rbx, which
 * carries rsp over the call. The gap is never written: with erase=on a mark says so, or the erase
 * would take it for the end. Without erase no mark is left, so that stack_mark() costs the same
 * wherever the stack begins.
 */
#if FEATURE_kstack_offset_off
.macro CALL_ON_RANDOMISED_STACK function:req
	CALL_C	\function
.endm
#else
.macro CALL_ON_RANDOMISED_STACK function:req
	movq	%rsp, %rbx
	RANDOM_BEFORE_CALL
	andl	$KSTACK_OFFSET_MASK, %eax
	subq	%rax, %rsp
	MARK_BEHIND_GAP
	CALL_C	\function
	movq	%rbx, %rsp
	RANDOM_AFTER_CALL
.endm
#endif

/* One of the generator's words moves on, and \to has it. Clobbers edx and flags. */
.macro NEXT_RANDOM_WORD to:req word:req left:req right:req over:req keep:req
	movl	kstack_random + 4 * \word(%rip), \to
	movl	\to, %edx
	shll	$\left, %edx
	xorl	\to, %edx
	shrl	$\right, %edx
	andl	$\keep, \to
	shll	$\over, \to
	xorl	%edx, \to
	movl	\to, kstack_random + 4 * \word(%rip)
.endm

/*
 * kstack_offset=on: the offset is the next of L'Ecuyer's generator of four Tausworthe words (Math.
 * Comp. 68, 1999, table 1), as in Linux since 7.1. Leaves it in eax and nothing of it in ecx and
 * edx.
 *
 * kstack_offset=rdtsc: after each call the clock is mixed into the offset of the next one, as in
 * Linux before.
 */
#if FEATURE_kstack_offset_on
.macro RANDOM_BEFORE_CALL
	NEXT_RANDOM_WORD %eax, word=0, left=6, right=13, over=18, keep=0xfffffffe
	NEXT_RANDOM_WORD %ecx, word=1, left=2, right=27, over=2, keep=0xfffffff8
	xorl	%ecx, %eax
	NEXT_RANDOM_WORD %ecx, word=2, left=13, right=21, over=7, keep=0xfffffff0
	xorl	%ecx, %eax
	NEXT_RANDOM_WORD %ecx, word=3, left=3, right=12, over=13, keep=0xffffff80
	xorl	%ecx, %eax
	xorl	%ecx, %ecx
	xorl	%edx, %edx
.endm
.macro RANDOM_AFTER_CALL
.endm
#else
.macro RANDOM_BEFORE_CALL
	movl	kstack_random(%rip), %eax
.endm
.macro RANDOM_AFTER_CALL
	movl	%eax, %ecx
	rdtsc
	movl	kstack_random(%rip), %edx
	rorl	$5, %edx
	xorl	%eax, %edx
	movl	%edx, kstack_random(%rip)
	movl	%ecx, %eax
.endm
#endif
