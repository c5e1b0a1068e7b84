/*
 * A random offset of the kernel stack for each system call. A part of calling.h, which includes it
 * where it belongs.
 */
/* clang-format off */

/*
 * Where a system call's frames lie differs from call to call by up to 1008 bytes, in steps of 16:
 * six bits, as on Linux for x86-64. After the call the clock is mixed into the offset of the next
 * one.
 *
 * Calls \function on the stack so moved. Needs: rsp = rdi = pt_regs, kernel GS. Leaves rsp =
 * pt_regs and what \function returns in eax; clobbers what C may, and rbx, which carries rsp over
 * the call. The gap is never written: with erase=on a mark says so, or the erase would take it for
 * the end. Without erase no mark is left, so that stack_mark() costs the same wherever the stack
 * begins.
 */
#if FEATURE_kstack_offset_on
.macro CALL_ON_RANDOMISED_STACK function:req
	movq	%rsp, %rbx
	movl	PER_CPU(kstack_offset), %eax
	andl	$KSTACK_OFFSET_MASK, %eax
	subq	%rax, %rsp
	MARK_BEHIND_GAP
	CALL_C	\function
	movq	%rbx, %rsp
	movl	%eax, %ecx
	rdtsc
	movl	PER_CPU(kstack_offset), %edx
	rorl	$5, %edx
	xorl	%eax, %edx
	movl	%edx, PER_CPU(kstack_offset)
	movl	%ecx, %eax
.endm
#else
.macro CALL_ON_RANDOMISED_STACK function:req
	CALL_C	\function
.endm
#endif
