/*
 * The code that eb_cost times: for each instruction three blocks of EB_COST_COPIES copies, entered
 * so that just the wanted number runs. Registers in a copy: rbx = struct cost_operands, rcx = the
 * MSR, edx:eax = its value (or rax = a GS base), r8 and r9 = CR3 with flush and without, r11 = a
 * mapped address. Stack: cost_stack, which nobody else uses.
 */
#include "entry/asm.h"

	.section .text

/* Preparation and instruction of each, as macros so that .rept can hold them. */
.macro nothing
.endm
.macro seq_swapgs_swapgs
	swapgs
	swapgs
.endm
.macro seq_mov_cr3_flush
	movq	%r8, %cr3
.endm
.macro seq_mov_cr3_noflush
	movq	%r9, %cr3
.endm
.macro seq_rdmsr
	rdmsr
.endm
.macro seq_wrmsr
	wrmsr
.endm
.macro seq_rdgsbase
	rdgsbase %rax
.endm
.macro seq_wrgsbase
	wrgsbase %rax
.endm
.macro prep_iretq_ring0
	movq	%rsp, %rdi
	pushq	$KERNEL_DS
	pushq	%rdi
	pushfq
	pushq	$KERNEL_CS
	leaq	3(%rip), %rsi		/* behind push (1 byte) and iretq (2 bytes) */
	pushq	%rsi
.endm
.macro prep_lretq_ring0
	pushq	$KERNEL_CS
	leaq	3(%rip), %rsi		/* behind push (1 byte) and lretq (2 bytes) */
	pushq	%rsi
.endm
.macro seq_iretq_ring0
	iretq
.endm
.macro seq_lretq_ring0
	lretq
.endm
.macro seq_int_iretq
	int	$VECTOR_COST
.endm
.macro seq_invpcid
	invpcid	(%rbx), %r10
.endm
.macro seq_invlpg
	invlpg	(%r11)
.endm
.macro seq_cli_sti
	sti
	cli
.endm
.macro seq_stac_clac
	stac
	clac
.endm
.macro seq_pushfq_popfq
	pushfq
	popfq
.endm
.macro seq_lfence
	lfence
.endm
.macro seq_verw
	verw	COST_selector(%rbx)
.endm

/*
 * One row of cost_blocks[]: COST_COPIES times preparation, then the instruction, or nothing, or
 * nops of its length.
 */
.macro BLOCK symbol:req prep:req seq:req nops:req
	.balign 64
	.type \symbol, @function
\symbol:
.Lstart\@:
	.rept	COST_COPIES
	\prep
	.if	\nops
	.pushsection .cost_lengths, "e", @progbits
770:	\seq
771:	.popsection
	.nops	771b - 770b
	.else
	\seq
	.endif
	.endr
.Lend\@:
	jmp	cost_done
END \symbol
	.pushsection .rodata.cost, "a"
	.quad	.Lstart\@, .Lend\@
	.popsection
.endm

/* Named as the harness names its loops, for the bill. */
.macro COST_BLOCKS name:req prep:req seq:req
	BLOCK	\name\().crossing, \prep, \seq, 0
	BLOCK	\name\().bare, \prep, nothing, 0
	BLOCK	\name\().twin, \prep, \seq, 1
.endm

	.pushsection .rodata.cost, "a"
	.balign 8
	.globl	cost_blocks
cost_blocks:
	.popsection

	/* in the order of EB_COSTS */
	COST_BLOCKS	swapgs_swapgs, nothing, seq_swapgs_swapgs
	COST_BLOCKS	mov_cr3_flush, nothing, seq_mov_cr3_flush
	COST_BLOCKS	mov_cr3_noflush, nothing, seq_mov_cr3_noflush
	COST_BLOCKS	rdmsr_gs_base, nothing, seq_rdmsr
	COST_BLOCKS	wrmsr_gs_base, nothing, seq_wrmsr
	COST_BLOCKS	rdmsr_spec_ctrl, nothing, seq_rdmsr
	COST_BLOCKS	wrmsr_spec_ctrl, nothing, seq_wrmsr
	COST_BLOCKS	wrmsr_pred_cmd, nothing, seq_wrmsr
	COST_BLOCKS	rdgsbase, nothing, seq_rdgsbase
	COST_BLOCKS	wrgsbase, nothing, seq_wrgsbase
	COST_BLOCKS	iretq_ring0, prep_iretq_ring0, seq_iretq_ring0
	COST_BLOCKS	lretq_ring0, prep_lretq_ring0, seq_lretq_ring0
	COST_BLOCKS	int_iretq, nothing, seq_int_iretq
	COST_BLOCKS	invpcid, nothing, seq_invpcid
	COST_BLOCKS	invlpg, nothing, seq_invlpg
	COST_BLOCKS	cli_sti, nothing, seq_cli_sti
	COST_BLOCKS	stac_clac, nothing, seq_stac_clac
	COST_BLOCKS	pushfq_popfq, nothing, seq_pushfq_popfq
	COST_BLOCKS	lfence, nothing, seq_lfence
	COST_BLOCKS	verw, nothing, seq_verw

/*
 * u64 cost_time(const void *from, const struct cost_operands *operands): ticks from before the copy
 * at `from` to the end of its block. IRQs off from the first to the last instruction.
 */
ENTRY cost_time
	PUSH_CALLEE_SAVED
	pushfq
	cli
	movq	%rsp, %rbp
	leaq	cost_stack_top(%rip), %rsp
	movq	%rdi, %r12
	movq	%rsi, %rbx
	movl	COST_msr(%rbx), %ecx
	movq	COST_cr3_flush(%rbx), %r8
	movq	COST_cr3_noflush(%rbx), %r9
	xorl	%r10d, %r10d		/* INVPCID: one address */
	leaq	cost_stack_top(%rip), %r11
	lfence
	rdtsc
	lfence
	movl	%eax, %r14d
	movl	%edx, %r15d
	movl	COST_value(%rbx), %eax
	movl	COST_value + 4(%rbx), %edx
	cmpl	$0, COST_value_is_base(%rbx)
	cmovneq	COST_value(%rbx), %rax
#if CORE_ENDBR
	pushq	%r12			/* into the middle of a block: no ENDBR64 there */
	RETURN
#else
	jmp	*%r12
#endif
cost_done:
	lfence
	rdtsc
	lfence
	shlq	$32, %rdx
	orq	%rdx, %rax
	shlq	$32, %r15
	orq	%r15, %r14
	subq	%r14, %rax
	movq	%rbp, %rsp
	popfq
	POP_CALLEE_SAVED
	RETURN
END cost_time

/* Where INT VECTOR_COST goes: back. Ring 0 only (its gate has DPL 0). */
ENTRY cost_interrupt
	ENDBR
	iretq
END cost_interrupt

	.bss
	.balign 16
	.skip	8192
cost_stack_top:

	.section .note.GNU-stack, "", @progbits
