/*
 * Where every RET of the kernel goes, in variants that do not leave it to the CPU's predictor: the
 * compiler makes each a jump here (-mfunction-return=thunk-extern), assembly says RETURN. What the
 * steps of returns.h untrain is these few instructions.
 */
#include "calling.h"

#if CORE_RETURN_THUNK
	.section .entry.thunk, "ax"

.macro RETURN_THUNK
	.globl	__x86_return_thunk
	.type	__x86_return_thunk, @function
__x86_return_thunk:
.endm

/*
 * Indirect Target Selection (CVE-2024-28956): a RET, as any indirect branch, in the lower half of a
 * cache line may be predicted from what ring 3 has trained. With its=on it lies in the upper one:
 * what follows does, and what would be too long goes on to a RET that does.
 */
#if FEATURE_its_on
.macro UPPER_HALF
	.skip	32, 0xcc
.endm
.macro RETURN_IN_UPPER_HALF
	jmp	uncounted_return
	.balign 64, 0xcc
	UPPER_HALF
.endm
#else
.macro UPPER_HALF
.endm
.macro RETURN_IN_UPPER_HALF
.endm
#endif

#if FEATURE_return_thunk_retbleed
/*
 * Zen 1 and 2 (Retbleed, CVE-2022-29900): the RET is the second byte of a TEST. Running that TEST
 * from its first byte makes the CPU forget that it has seen a branch here, so the RET is predicted
 * anew, by the return stack. It stands at the beginning of a cache line, so that nothing else
 * in that line is taken for it. Clobbers flags.
 */
	.balign 64, 0xcc
	.skip	63, 0xcc
	.globl	untrain_returns
untrain_returns:
	.byte	0xf6			/* testb $0xcc, %bl */
RETURN_THUNK
	ret
	int3
	lfence				/* the TEST is over before the RET runs */
	jmp	__x86_return_thunk
	int3

#elif FEATURE_return_thunk_srso
/*
 * Zen 3 and 4 (SRSO, CVE-2023-20569): the only RET of the kernel lies in srso_safe_return, behind a
 * CALL, so the return stack's top is a harmless entry of its own. On entry the same place in the
 * branch predictor is overwritten from srso_untrain, whose address differs in just the bits that
 * the predictor folds (2, 8, 14 and 20; kernel.ld.S). Clobber nothing but a word below rsp.
 */
	.balign 64, 0xcc
RETURN_THUNK
	call	srso_safe_return
	ud2

	.section .srso.untrain, "ax"
	.globl	untrain_returns
untrain_returns:
	.byte	0x66, 0x90		/* a NOP of two bytes */
	lfence
	jmp	__x86_return_thunk
	int3

	.section .srso.safe_return, "ax"
	.globl	srso_safe_return
srso_safe_return:
	leaq	8(%rsp), %rsp
	ret
	int3

#elif FEATURE_call_depth_on
/*
 * Skylake (Retbleed, CVE-2022-29901): a RET is predicted from elsewhere where the return stack is
 * empty. call_depth counts, from 1 << 63 at the entry: a CALL shifts it right by 5 with its sign, a
 * RET left; 0 says that as many have returned as the stack is sure to hold, so it is filled. The
 * sign fills all of it after 13 calls, which is less than the stack's 16. Clobbers flags and 16
 * words below rsp: return addresses, so the stack erase finds them.
 */
#define RETURN_STACK_ENTRIES 16
	.balign 64, 0xcc
UPPER_HALF
RETURN_THUNK
	shlq	$5, call_depth(%rip)
	jz	.Lfill
	ret
	int3
.Lfill:
	.rept	RETURN_STACK_ENTRIES
	call	1f
	int3
1:
	.endr
	addq	$(RETURN_STACK_ENTRIES * 8), %rsp
	movq	$-1, call_depth(%rip)
RETURN_IN_UPPER_HALF
	.globl	uncounted_return
uncounted_return:
	ret
	int3

	.bss
	.balign 8
	.globl	call_depth
call_depth:
	.skip	8

#else
	.balign 64, 0xcc
UPPER_HALF
RETURN_THUNK
	ret
	int3
#endif
#endif

	.section .note.GNU-stack, "", @progbits
