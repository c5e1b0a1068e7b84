/*
 * Leaves a secret on the kernel stack for the stack erase to find, in the most hidden way that its
 * rules allow.
 */
#include "entry/asm.h"

/*
 * Between two return addresses: the largest frame and the six registers that C preserves, all of it
 * unwritten.
 */
#define HOLE (ERASE_MAX_FRAME + 6 * 8)

	.text

/* u64 audit_plant_chain(u64 secret, u64 at): at `at`, below frames that are holes. */
ENTRY audit_plant_chain
	leaq	-(HOLE + 8)(%rsp), %rax
	cmpq	%rsi, %rax
	jbe	1f
	subq	$HOLE, %rsp
	CALL_C	audit_plant_chain
	addq	$HOLE, %rsp
	RETURN
1:	movq	%rsp, %rdx		/* at most a hole lies between here and the place */
	leaq	8(%rsi), %rsp
	pushq	%rdi
	movq	%rsp, %rax
	movq	%rdx, %rsp
	RETURN
END audit_plant_chain

	.section .note.GNU-stack, "", @progbits
