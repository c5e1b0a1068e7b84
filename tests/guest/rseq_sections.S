/*
 * Restartable sequences: functions (area, argument) that say in the area that they are in a
 * section, and return 0 when they come to its end, 1 by its abort handler.
 */
#include "rseq_sections.h"

#define SYS_SCHED_YIELD 24

/* Signature, abort handler and descriptor of section \name, whose code lies between 1 and 2. */
.macro SECTION name
	.globl	\name
	.type	\name, @function
\name:
	leaq	3f(%rip), %rax
	movq	%rax, AREA_SECTION(%rdi)
1:
.endm

.macro END_SECTION name signature=SIGNATURE
2:
	movq	$0, AREA_SECTION(%rdi)
	xorl	%eax, %eax
	ret
	.long	\signature
	.globl	\name\()_abort
\name\()_abort:
	movl	$1, %eax
	ret
	.size	\name, . - \name
	.pushsection .data
	.balign	32
3:
	.long	0, 0
	.quad	1b, 2b - 1b, \name\()_abort
	.popsection
.endm

	.text
/* Until *argument is no longer 0. */
SECTION section_wait
0:	cmpl	$0, (%rsi)
	je	0b
END_SECTION section_wait

/* A signal. */
SECTION section_trap
	ud2
END_SECTION section_trap

/* An exception instead of what its instruction says: no gate lets ring 3 have INT 0x21. */
SECTION section_int
	int	$0x21
END_SECTION section_int

/* The same with FRED: SYSENTER of 64-bit code. */
SECTION section_sysenter
	sysenter
END_SECTION section_sysenter

SECTION section_unsigned
	ud2
END_SECTION section_unsigned, signature=SIGNATURE + 1

/* A page fault that the kernel mends. */
SECTION section_touch
	movb	$1, (%rsi)
END_SECTION section_touch

/* A system call, and in it another thread's turn. */
SECTION section_yield
	movl	$SYS_SCHED_YIELD, %eax
	syscall
	nop				/* where it returns to is inside */
END_SECTION section_yield

/* Names the section of section_trap, and traps outside it. Returns what the area says then. */
	.globl	trap_outside
	.type	trap_outside, @function
trap_outside:
	leaq	1f(%rip), %rax
	movq	%rax, AREA_SECTION(%rdi)
	ud2
	movq	AREA_SECTION(%rdi), %rax
	ret
	.size	trap_outside, . - trap_outside
	.pushsection .data
	.balign	32
1:
	.long	0, 0
	.quad	section_trap, 2, section_trap_abort
	.popsection

	.section .note.GNU-stack, "", @progbits
