/*
 * Where the indirect branches of the core's C code go: the compiler makes each one a call or jump
 * of the thunk that is named after its register (-mindirect-branch=thunk-extern), so the variant
 * says what it is and C is still compiled once. The thunks lie at the start of the entry code, at
 * the same addresses in every variant.
 */
#include "calling.h"

	.section .entry.thunk, "ax"

.macro THUNK register:req
	.globl	__x86_indirect_thunk_\register
	.type	__x86_indirect_thunk_\register, @function
	.balign 32, 0xcc
#if FEATURE_its_on
	.balign 64, 0xcc
	.skip	32, 0xcc
#endif
__x86_indirect_thunk_\register:
	INDIRECT_JUMP %\register
	.size	__x86_indirect_thunk_\register, . - __x86_indirect_thunk_\register
.endm

	.irp	register, rax, rcx, rdx, rbx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
	THUNK	\register
	.endr

	.balign 32, 0xcc
	.globl	entry_verw_selector
entry_verw_selector:
	.short	KERNEL_DS

	.section .note.GNU-stack, "", @progbits
