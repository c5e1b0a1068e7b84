/*
 * How the crossings of cross.S and mechanism_cross.S load all registers before and store them
 * after.
 */
/* clang-format off */
/* Offsets of struct eb_regs; cross.c asserts them. */
#define R15 0
#define R14 8
#define R13 16
#define R12 24
#define RBP 32
#define RBX 40
#define R11 48
#define R10 56
#define R9 64
#define R8 72
#define RAX 80
#define RCX 88
#define RDX 96
#define RSI 104
#define RDI 112
#define FLAGS 144
#define RSP 152

#define PLAIN_FLAGS 0x202

	.macro SAVE
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	.endm

	.macro RESTORE
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	.endm

/* Leaves the flags on the stack: popfq comes last, since TF would trap on the way. */
	.macro LOAD_ALL
	pushq	cross_in + FLAGS(%rip)
	movq	cross_in + R15(%rip), %r15
	movq	cross_in + R14(%rip), %r14
	movq	cross_in + R13(%rip), %r13
	movq	cross_in + R12(%rip), %r12
	movq	cross_in + RBP(%rip), %rbp
	movq	cross_in + RBX(%rip), %rbx
	movq	cross_in + R11(%rip), %r11
	movq	cross_in + R10(%rip), %r10
	movq	cross_in + R9(%rip), %r9
	movq	cross_in + R8(%rip), %r8
	movq	cross_in + RAX(%rip), %rax
	movq	cross_in + RCX(%rip), %rcx
	movq	cross_in + RDX(%rip), %rdx
	movq	cross_in + RSI(%rip), %rsi
	movq	cross_in + RDI(%rip), %rdi
	.endm

	.macro STORE_ALL
	movq	%r15, cross_out + R15(%rip)
	movq	%r14, cross_out + R14(%rip)
	movq	%r13, cross_out + R13(%rip)
	movq	%r12, cross_out + R12(%rip)
	movq	%rbp, cross_out + RBP(%rip)
	movq	%rbx, cross_out + RBX(%rip)
	movq	%r11, cross_out + R11(%rip)
	movq	%r10, cross_out + R10(%rip)
	movq	%r9, cross_out + R9(%rip)
	movq	%r8, cross_out + R8(%rip)
	movq	%rax, cross_out + RAX(%rip)
	movq	%rcx, cross_out + RCX(%rip)
	movq	%rdx, cross_out + RDX(%rip)
	movq	%rsi, cross_out + RSI(%rip)
	movq	%rdi, cross_out + RDI(%rip)
	movq	%rsp, cross_out + RSP(%rip)
	pushfq
	popq	cross_out + FLAGS(%rip)
	pushq	$PLAIN_FLAGS
	popfq
	movw	%ds, cross_segments(%rip)
	movw	%es, cross_segments + 2(%rip)
	movw	%fs, cross_segments + 4(%rip)
	movw	%gs, cross_segments + 6(%rip)
	.endm
