/*
 * INT 0x80: the 32-bit system call that 64-bit code may make too, through an interrupt gate.
 *
 * The CPU has pushed ss, rsp, rflags, cs, rip on TSS.sp0, cleared IF and TF. Next: do_int80(regs)
 * or do_int80_checked(regs, vector) in syscall/compat.c.
 */
#define PHASE_FIRST 64
#include "calling.h"
#include "idt_entry.h"

	.section .entry.text, "ax"

#if FEATURE_int80_c
/*
 * Since Linux 6.7: a device, or who runs the virtual machine, may send vector 0x80, at any time; so
 * all is as for an exception, which may come from ring 0, and C asks the local APIC.
 */
ENTRY int80_stub
PHASE int80, stub, stamp=0
	ENDBR
	pushq	$-1			/* pt_regs->orig_ax */
	pushq	%rdi			/* pt_regs->di */
	movl	$VECTOR_INT80, %edi
	jmp	entry_int80
END int80_stub

IDT_ENTRY int80, function=do_int80_checked, system_call=1

#else
/*
 * Before: the gate is taken to be ring 3's to call and nobody else's, so there is no branch on CS.
 */
ENTRY entry_int80
PHASE int80, entry, stamp=0
	ENDBR
	cld
	pushq	%rax			/* pt_regs->orig_ax */
	pushq	%rdi			/* pt_regs->di */
	pushq	%rsi			/* pt_regs->si */
PHASE int80, swapgs, stamp=0
	swapgs
	FENCE_SWAPGS_UNCONDITIONAL
PHASE int80, cr3_to_kernel
	SWITCH_TO_KERNEL_CR3 scratch=%rsi
PHASE int80, stack
	ENTRY_STACK_TO_KERNEL_STACK
PHASE int80, save_regs
	CLEAR_AC
	PUSH_AND_CLEAR_REGS ax=$-ENOSYS pushed=2
PHASE int80, speculation_in
	SPEC_CTRL_TO_KERNEL
	UNTRAIN_RETURNS
	BARRIER_ON_ENTRY
	FILL_RETURN_STACK_BUFFER
	CLEAR_BRANCH_HISTORY
PHASE int80, dispatch
	movq	%rsp, %rdi
	CALL_ON_RANDOMISED_STACK do_int80
	jmp	return_to_user_by_iret
PHASE int80, end, stamp=0
END entry_int80
#endif

	.section .note.GNU-stack, "", @progbits
