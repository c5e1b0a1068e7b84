/*
 * A #DB at an instruction of the entry that #DB itself takes: FRED has one for all that happens in
 * ring 0, so a breakpoint there would meet itself. The first one is for a write to a word that the
 * entry pushes on the stack of the code interrupted, where no #DB has its own; from there on it is
 * single steps, whose #DB begins with TF clear.
 */
#include "audit/audit.h"
#include "cpu/cpu.h"
#include "dev/dev.h"
#include "mm/layout.h"

#define DR7_PUSH (0x400ull | 2ull << 0 | 9ull << 16) /* DR0: writes, eight bytes (SDM 3B 17.2.4) */
#define STEPS	 500 /* more than an interrupt in ring 0 has instructions */

/*
 * What an event takes of the stack, from 64-byte alignment on: its frame, and the first register
 * pushed.
 */
#define FIRST_PUSH (64 + 8)

static u64 steps_left;

void audit_step_start(void)
{
	steps_left = STEPS;
	write_dr7(DR7_PUSH);
}

enum audit_step audit_step(struct pt_regs *regs, u64 at)
{
	if (!steps_left)
		return AUDIT_NO_STEP;
	write_dr7(0x400);
	write_dr6(DR6_CLEAR);
	steps_left = regs->ip == at ? 0 : steps_left - 1;
	regs->flags &= ~(u64)FLAG_TF;
	if (steps_left)
		regs->flags |= FLAG_TF;
	return regs->ip == at ? AUDIT_STEP_THERE : AUDIT_STEP;
}

/* The interrupt comes behind the first NOP. */
void audit_step_interrupt(void)
{
	irq_disable();
	apic_self_ipi(VECTOR_MECHANISM, true);
	__asm__ volatile("movq %%rsp, %%rax; andq $-64, %%rax; subq %0, %%rax; movq %%rax, %%dr0;"
			 "sti; nop; nop"
			 :
			 : "i"(FIRST_PUSH)
			 : "rax", "memory");
}
