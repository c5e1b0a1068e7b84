/*
 * The step that erases the kernel stack, and what tells it how deep. A part of calling.h, which
 * includes it where it belongs.
 */
/* clang-format off */

/*
 * Poisons every word of the kernel stack that was written since ring 3 ran last. Below the words
 * that every entry writes it looks for ERASE_RUN poisoned ones (kernel/entry/erase.h says why those
 * prove that nothing below was written), from the lowest stack_mark() if there is one; then it
 * fills from there to the top.
 * Needs: rsp on the trampoline, rdi free, kernel CR3 and GS, DF clear. Clobbers rdi and flags.
 */
#if FEATURE_entry_fred
#define WORDS_OF_FRAME (FRED_FRAME_SIZE / 8)
#else
#define WORDS_OF_FRAME (PT_REGS_SIZE / 8)
#endif

#if FEATURE_erase_on
.macro ERASE_KERNEL_STACK
	pushq	%rax
	pushq	%rcx
	cmpq	$0, PER_CPU(erase_mark)
	movq	PER_CPU(erase_look), %rdi
	movq	$STACK_POISON, %rax
	jne	.Lerase_marked\@
	IF_POISONED_ELSE .Lerase_lower\@
	POISON_WORDS %rdi, ERASE_RUN, ERASE_SHALLOW + WORDS_OF_FRAME
.Lerase_done\@:
	popq	%rcx
	popq	%rax
	.subsection 1
.Lerase_marked\@:
	movq	PER_CPU(erase_mark), %rdi
	movq	$0, PER_CPU(erase_mark)
.Lerase_look\@:
	IF_POISONED_ELSE .Lerase_lower\@
	jmp	.Lerase_fill\@
.Lerase_lower\@:			/* written to: try the next lower window */
	subq	$ERASE_RUN * 8, %rdi
	cmpq	PER_CPU(stack_bottom), %rdi
	jae	.Lerase_look\@
	movq	PER_CPU(stack_bottom), %rdi
.Lerase_fill\@:			/* downwards, eight words at a time; below rdi all is poison */
	movq	PER_CPU(kernel_top), %rcx
.Lerase_block\@:
	subq	$64, %rcx
	POISON_WORDS %rcx, 0, 8
	cmpq	%rdi, %rcx
	ja	.Lerase_block\@
	jmp	.Lerase_done\@
	.previous
.endm

/*
 * Goes on where the ERASE_RUN words at rdi are all rax, else jumps. No REP: how emulators count one
 * differs.
 */
.macro IF_POISONED_ELSE otherwise:req
	.set	word, 0
	.rept	ERASE_RUN
	cmpq	%rax, word * 8(%rdi)
	jne	\otherwise
	.set	word, word + 1
	.endr
.endm

/* rax into \count words, \first words above \base. */
.macro POISON_WORDS base:req first:req count:req
	.set	word, \first
	.rept	\count
	movq	%rax, word * 8(\base)
	.set	word, word + 1
	.endr
.endm
#else
.macro ERASE_KERNEL_STACK
.endm
#endif

/*
 * An entry that interrupts ring 0 on a kernel stack marks its frame for the erase: the registers it
 * saves may hold anything. Needs: kernel GS, rsp = pt_regs. Clobbers rax and flags.
 */
#if FEATURE_erase_on
.macro MARK_KERNEL_STACK
	leaq	-ERASE_RUN * 8(%rsp), %rax
	cmpq	PER_CPU(kernel_top), %rsp
	jae	.Lno_mark\@			/* another stack */
	cmpq	$0, PER_CPU(erase_mark)
	je	.Lmark\@
	cmpq	%rax, PER_CPU(erase_mark)
	jbe	.Lno_mark\@			/* one lies lower already */
.Lmark\@:
	movq	%rax, PER_CPU(erase_mark)
.Lno_mark\@:
.endm

/* The same for a system call, which finds no mark, on a stack that begins lower. Clobbers rax. */
.macro MARK_BEHIND_GAP
	leaq	-ERASE_RUN * 8(%rsp), %rax
	movq	%rax, PER_CPU(erase_mark)
.endm
#else
.macro MARK_KERNEL_STACK
.endm
.macro MARK_BEHIND_GAP
	movq	$0, PER_CPU(erase_mark)
.endm
#endif
