/*
 * What restartable sequences (task/rseq.c) need from entry code. A part of calling.h, which
 * includes it where it belongs.
 */
/* clang-format off */

/*
 * Whether the task came in by an interrupt or an exception, until it leaves again: a section is no
 * place for system calls, so after those nobody has to look at it. Need: the kernel's page table
 * and GS. Clobber rax.
 */
#if FEATURE_rseq_on
.macro NOTE_IDT_ENTRY
	movq	current(%rip), %rax
	movb	$1, TASK_idt_entry(%rax)
.endm
.macro FORGET_IDT_ENTRY
	movq	current(%rip), %rax
	movb	$0, TASK_idt_entry(%rax)
.endm
#else
.macro NOTE_IDT_ENTRY
.endm
.macro FORGET_IDT_ENTRY
.endm
#endif
