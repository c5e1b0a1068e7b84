/*
 * kcfi=on: where the tables of system calls lead. Linux patches this into the padding before each
 * function at boot; here each is a stub of its own that jumps to the function, whose own
 * ENDBR64 is sealed at boot, as there. r10d = hash of the type that the caller means; 0 in the
 * function.
 */
#include "syscall/kcfi.h"

/* clang-format off */
#if CORE_KCFI
.macro LANDING name:req function:req hash:req
	.globl	\name
	.type	\name, @function
	.balign 16, 0xcc
\name:
	endbr64
	subl	$\hash, %r10d
	je	\function
	ud2
	.size	\name, . - \name
	.pushsection .rodata
	.quad	\function
	.popsection
.endm

	.pushsection .rodata
	.balign	8
	.globl	kcfi_functions
kcfi_functions:
	.popsection
	.text
	.balign 16, 0xcc
	.globl	kcfi_begin
kcfi_begin:
	LANDING kcfi_missing, sys_missing, SYSCALL_HASH
#define SYSCALL(number, name, function) LANDING kcfi_##name, function, SYSCALL_HASH
#include "syscall/syscalls.def"
	LANDING kcfi_eb_deep, sys_eb_deep, PRIVATE_HASH
	LANDING kcfi_eb_audit, sys_eb_audit, PRIVATE_HASH
	LANDING kcfi_eb_cost, sys_eb_cost, PRIVATE_HASH
	LANDING kcfi_eb_stamps, sys_eb_stamps, PRIVATE_HASH
	LANDING kcfi_eb_mechanism, sys_eb_mechanism, PRIVATE_HASH
	.globl	kcfi_end
kcfi_end:
	.pushsection .rodata
	.globl	kcfi_functions_end
kcfi_functions_end:
	.popsection
#endif

	.section .note.GNU-stack, "", @progbits
