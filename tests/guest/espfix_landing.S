/*
 * Where espfix.c lets ring 3 arrive on a stack segment of its own: what ESP is there, as the
 * program itself sees it. In 32-bit code ecx is ESP on arrival, esi after a breakpoint on
 * espfix_middle has come and gone, ebx what a push and a pop on that stack gave; then in 64-bit
 * code rdx is RSP.
 */
	.text
	.balign	16
	.globl	espfix_landing, espfix_middle
	.code32
espfix_landing:
	movl	%esp, %ecx
	pushl	%ecx
	popl	%ebx
espfix_middle:
	nop
	movl	%esp, %esi
	ljmp	*%cs:to_64		/* DS may be null */
	.code64
from_32:
	movq	%rsp, %rdx
	ud2

	.balign	8
to_64:	.long	from_32
	.short	0x33

	.section .note.GNU-stack, "", @progbits
