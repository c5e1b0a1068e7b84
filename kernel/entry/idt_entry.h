/*
 * IDT_ENTRY path function [system_call=1]: what exceptions (exception.S), interrupts (interrupt.S)
 * and INT 0x80 in C (int80.S) have in common.
 *
 * The CPU has pushed ss, rsp, rflags, cs, rip and cleared IF and TF; the stub has pushed orig_ax
 * and rdi. rsp at pt_regs->di, edi = vector; GS and CR3 are those of the code interrupted, which CS
 * tells.
 */
/* clang-format off */
.macro IDT_ENTRY path:req function:req system_call=0
ENTRY entry_\path
PHASE \path, entry, stamp=0
	cld
	pushq	%rsi			/* pt_regs->si */
	testb	$3, PT_REGS_cs - PT_REGS_si(%rsp)
	jz	.Lfrom_kernel\@
PHASE \path, swapgs, stamp=0
	swapgs
	FENCE_SWAPGS
PHASE \path, cr3_to_kernel
	SWITCH_TO_KERNEL_CR3 scratch=%rsi
PHASE \path, stack
	ENTRY_STACK_TO_KERNEL_STACK
PHASE \path, save_regs
	CLEAR_AC
	PUSH_AND_CLEAR_REGS ax=%rax pushed=2
PHASE \path, speculation_in
	SPEC_CTRL_TO_KERNEL
	UNTRAIN_RETURNS
	BARRIER_ON_ENTRY
	FILL_RETURN_STACK_BUFFER
	.if	\system_call
	CLEAR_BRANCH_HISTORY
	.endif
PHASE \path, dispatch
	movl	%edi, %esi
	movq	%rsp, %rdi
	.if	\system_call
	CALL_ON_RANDOMISED_STACK \function
	.else
	NOTE_IDT_ENTRY
	CALL_C	\function
	FORGET_IDT_ENTRY
	.endif
	jmp	return_to_user_by_iret
PHASE \path, end, stamp=0

.Lfrom_kernel\@:
	FENCE_SWAPGS
	IF_LEAVING return_fixup
	CLEAR_AC
	PUSH_AND_CLEAR_REGS ax=%rax pushed=2
	MARK_KERNEL_STACK
	movl	%edi, %esi
	movq	%rsp, %rdi
	CALL_C	\function
	POP_REGS_EXCEPT_RDI
	popq	%rdi
	addq	$8, %rsp
	iretq
END entry_\path
.endm
