/*
 * PHASE path name: a global label `phase.<path>.<name>` without a byte of code, and a row of the table from which a
 * panic names the phase (struct phase_row in lib/phase.c). The bill reads the labels from the image's symbol table.
 */
/* clang-format off */
#define PHASE_ROW_SIZE 48

.macro PHASE path:req name:req
	.globl phase.\path\().\name
phase.\path\().\name\():
	.pushsection .entry.phases, "a"
	.balign 8
.Lphase_row\@:
	.quad phase.\path\().\name
	.asciz "\path\().\name"
	.org .Lphase_row\@ + PHASE_ROW_SIZE, 0
	.popsection
.endm
