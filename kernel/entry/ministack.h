/*
 * Steps of IRET to a stack segment of the LDT (ESPFIX64). A part of calling.h, which includes it
 * where it belongs.
 */
/* clang-format off */

/*
 * Where a stack segment has 16 bits (D/B = 0, SDM 3A 3.4.5) IRET to code that is not 64-bit loads
 * SP alone: bits 31:16 of ESP stay the kernel's, so ring 3 sees them and has lost its own. Only the
 * LDT can hold such a segment. So the frame, rdi below it, moves to the ministack, and rsp to that
 * one's alias which has ring 3's own bits 31:16 (cpu/espfix.c). The aliases are read-only: a fault
 * of that IRET cannot be delivered there, which makes it a #DF (FIXUP_FAULT_ON_MINISTACK).
 *
 * Needs: rsp at the saved rdi below the frame, as the trampoline leaves it or pt_regs has it;
 * kernel CR3 and GS. Leaves: the same words on top of the stack, to be popped, never pushed over.
 * Clobbers rdi and flags.
 */
#if TRAMPOLINE
#define LEAVING_WORDS 6			/* rdi, rip, cs, rflags, rsp, ss */
#else
#define LEAVING_WORDS 7			/* orig_ax above rdi */
#endif
#define LEAVING_SP ((LEAVING_WORDS - 2) * 8)
#define LEAVING_SS ((LEAVING_WORDS - 1) * 8)

#if FEATURE_espfix_on
.macro TO_MINISTACK_FOR_LDT
	testb	$SELECTOR_TI, LEAVING_SS(%rsp)
	jnz	.Lto_ministack\@
.Lready\@:
	.subsection 1
.Lto_ministack\@:
	movq	PER_CPU(ministack), %rdi
	.set	word, 0
	.rept	LEAVING_WORDS
	popq	word * 8(%rdi)
	.set	word, word + 1
	.endr
	movl	LEAVING_SP(%rdi), %edi
	andl	$(ESPFIX_SIZE - ESPFIX_STRIDE), %edi
	orq	PER_CPU(ministack_alias), %rdi
	movq	%rdi, %rsp
	jmp	.Lready\@
	.previous
.endm

/*
 * In #DF: where IRETQ faulted on the ministack it goes on as #GP of ring 3 with error code 0, as on
 * Linux; which fault it was is lost. rip and rsp together tell. Needs: rsp at pt_regs->si. Clobbers
 * flags, and edi where it jumps.
 */
.macro FIXUP_FAULT_ON_MINISTACK
	cmpq	$iret_to_user, PT_REGS_ip - PT_REGS_si(%rsp)
	jne	.Lnot_on_ministack\@
	cmpl	$(ESPFIX_BASE >> 32), PT_REGS_sp + 4 - PT_REGS_si(%rsp)
	jne	.Lnot_on_ministack\@
	movl	$VECTOR_GP, %edi
	jmp	return_fixup
.Lnot_on_ministack\@:
.endm
#else
.macro TO_MINISTACK_FOR_LDT
.endm
.macro FIXUP_FAULT_ON_MINISTACK
.endm
#endif
