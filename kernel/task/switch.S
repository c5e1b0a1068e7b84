/*
 * From stack to stack: the boot stack, on which the core runs programs one after the other, and
 * those of the tasks.
 */
#include "entry/asm.h"

	.text

/*
 * The return stack holds nothing of the stack that goes on: with call depth tracking, the next RET
 * fills it. Clobbers rax.
 */
#if CORE_CALL_DEPTH
.macro FORGET_CALLS
	movabsq	$(1 << 63), %rax
	movq	%rax, call_depth(%rip)
.endm
#else
.macro FORGET_CALLS
.endm
#endif

/*
 * int enter_ring3(const struct pt_regs *regs, void (*return_to_user)(void)): leaves by the
 * variant's exit path; what C preserves waits on the boot stack until leave_ring3().
 */
ENTRY enter_ring3
	PUSH_CALLEE_SAVED
	cli
	movq	%rsp, boot_rsp(%rip)
	movq	%rdi, %rsp
	jmp	__x86_indirect_thunk_rsi
END enter_ring3

/*
 * void leave_ring3(int status): enter_ring3() returns `status`. From any kernel stack, kernel CR3
 * and GS.
 */
ENTRY leave_ring3
	movq	boot_rsp(%rip), %rsp
	movl	%edi, %eax
	POP_CALLEE_SAVED
	RETURN
END leave_ring3

/* void switch_stack(u64 *from, u64 to): see task/sched.c. IRQs off. */
ENTRY switch_stack
	PUSH_CALLEE_SAVED
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	POP_CALLEE_SAVED
	FORGET_CALLS
	RETURN
END switch_stack

/* Where switch_stack() brings a new task: rsp = pt_regs, IRQs off. */
ENTRY task_first_turn
	movq	%rsp, %rdi
	CALL_C	do_first_turn
	jmp	__x86_indirect_thunk_rax
END task_first_turn

	.bss
	.balign 8
boot_rsp:
	.skip	8

	.section .note.GNU-stack, "", @progbits
