/*
 * One word of ring 3's memory, without the string instruction of user_copy: for system calls whose
 * cost is measured.
 */
#include "entry/asm.h"

	.text

/* bool user_load_32(u32 *to, const u32 *from): SMAP must be open. */
ENTRY user_load_32
user_load_32_access:
	movl	(%rsi), %eax
	movl	%eax, (%rdi)
	movl	$1, %eax
	RETURN
user_load_32_fault:
	xorl	%eax, %eax
	RETURN
	EXTABLE user_load_32_access, user_load_32_fault
END user_load_32

	.section .note.GNU-stack, "", @progbits
