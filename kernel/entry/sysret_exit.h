/*
 * The exit of syscall_64.S: by SYSRET where that gives ring 3 what pt_regs says, else by IRET
 * (iret.S). With exit=iret always by IRET. Needs: rsp = pt_regs on the kernel stack, IRQs off,
 * kernel CR3 and GS.
 */
/* clang-format off */
#if FEATURE_exit_sysret
.macro LEAVE_BY_SYSRET_OR_IRET
PHASE syscall, exit_choice
	SYSRET_OR otherwise=return_to_user_by_iret
PHASE syscall, speculation_out
	BARRIER_AFTER_GUEST
	CLEAR_DIVIDER
	SPEC_CTRL_TO_USER
PHASE syscall, restore_regs
	POP_REGS_EXCEPT_RDI
PHASE syscall, trampoline
	TO_TRAMPOLINE_FOR_SYSRET
PHASE syscall, erase
	ERASE_KERNEL_STACK
PHASE syscall, cr3_to_user
	SWITCH_TO_USER_CR3 scratch=%rdi
PHASE syscall, leave
	FROM_TRAMPOLINE_FOR_SYSRET
	swapgs
	CLEAR_CPU_BUFFERS
	sysretq
.endm
#else
.macro LEAVE_BY_SYSRET_OR_IRET
	jmp	return_to_user_by_iret
.endm
#endif
