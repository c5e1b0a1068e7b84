/*
 * The instructions that load FPU state; what ring 3 forged in a signal frame may make them fault.
 */
#include "entry/asm.h"

	.text

/* bool fpu_load(const void *area, u64 features): false when the CPU refused it. */
ENTRY fpu_load
	movq	%rsi, %rax
	movq	%rsi, %rdx
	shrq	$32, %rdx
	testq	%rsi, %rsi
	jz	fpu_load_fxrstor
fpu_load_xrstor:
	xrstor64 (%rdi)
	movl	$1, %eax
	RETURN
fpu_load_fxrstor:
	fxrstor64 (%rdi)
	movl	$1, %eax
	RETURN
fpu_load_refused:
	xorl	%eax, %eax
	RETURN
	EXTABLE fpu_load_xrstor, fpu_load_refused
	EXTABLE fpu_load_fxrstor, fpu_load_refused
END fpu_load

	.section .note.GNU-stack, "", @progbits
