/*
 * PHASE path name [stamp=0]: a global label `phase.<path>.<name>` without a byte of code, and a row
 * of the table from which a panic names the phase (struct phase_row in lib/panic.c). The bill reads
 * the labels from the image's symbol table.
 *
 * In a *stamped* image it also takes a time stamp, unless stamp=0: that must stand where GS is not
 * the kernel's, and in paths that may interrupt a stamp being taken (paranoid). Totals come from
 * the bare images only.
 */
/* clang-format off */
#define PHASE_ROW_SIZE 48

/* Each object's stamps have slots of their own: it defines PHASE_FIRST before it includes this. */
#ifndef PHASE_FIRST
#define PHASE_FIRST 0
#endif
	.set	phase_index, PHASE_FIRST

/*
 * Nine instructions, the fourth reads the clock. Clobbers nothing, not even flags; with \jump,
 * where the path goes on, the ninth is that jump, and rax is lost.
 */
#if STAMPED
.macro STAMP index:req jump
	movq	%rax, PER_CPU(stamp_ax)
	movq	%rdx, PER_CPU(stamp_dx)
	lfence
	rdtsc
	lfence
	movl	%eax, PER_CPU(stamps) + 8 * \index
	movl	%edx, PER_CPU(stamps) + 8 * \index + 4
	movq	PER_CPU(stamp_dx), %rdx
	.ifb	\jump
	movq	PER_CPU(stamp_ax), %rax
	.else
	jmp	\jump
	.endif
.endm
#else
.macro STAMP index:req jump
.endm
#endif

.macro PHASE path:req name:req stamp=1 jump
	.globl phase.\path\().\name
phase.\path\().\name\():
	.pushsection .entry.phases, "a"
	.balign 8
.Lphase_row\@:
	.quad phase.\path\().\name
	.asciz "\path\().\name"
	.org .Lphase_row\@ + PHASE_ROW_SIZE - 2, 0
	.if	\stamp
	.short phase_index
	.popsection
	.if	phase_index >= STAMPS
	.error	"more phases than struct percpu has stamps"
	.endif
	STAMP	phase_index, \jump
	.set	phase_index, phase_index + 1
	.else
	.short -1			/* no stamp */
	.popsection
	.endif
.endm
