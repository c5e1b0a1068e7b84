/*
 * One word of ring 3's memory: read without the string instruction of user_copy, for system calls
 * whose cost is measured; or written to a shadow stack.
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

/*
 * bool user_store_shadow(u64 to, u64 value): as if ring 3 had pushed it. SMAP does not mind, and
 * whatever is no shadow stack of ring 3's faults.
 */
ENTRY user_store_shadow
user_store_shadow_access:
	wrussq	%rsi, (%rdi)
	movl	$1, %eax
	RETURN
user_store_shadow_fault:
	xorl	%eax, %eax
	RETURN
	EXTABLE user_store_shadow_access, user_store_shadow_fault
END user_store_shadow

	.section .note.GNU-stack, "", @progbits
