/*
 * The only instructions of the core that touch ring 3's memory; a fault in them is an answer, not a
 * panic.
 */
#include "entry/asm.h"

	.text

/*
 * size_t user_copy(void *to, const void *from, size_t n): the number of bytes not copied. SMAP must
 * be open.
 */
ENTRY user_copy
	movq	%rdx, %rcx
user_copy_access:
	rep movsb
user_copy_fault:
	movq	%rcx, %rax
	RETURN
	EXTABLE user_copy_access, user_copy_fault
END user_copy

	.section .note.GNU-stack, "", @progbits
