/* Interrupts of devices in C: from the generated stubs through entry/interrupt.S. */
#include "cpu/cpu.h"
#include "dev/dev.h"
#include "lib/lib.h"
#include "private/mechanism.h"
#include "task/task.h"
#include "cpu/traps.h"

/*
 * A timer is served on the way out, also where it interrupted ring 0: so no other C runs in
 * between.
 */
static void serve(struct pt_regs *regs, unsigned vector)
{
	if (vector == VECTOR_TIMER) {
		current->work |= WORK_TIMER;
		apic_eoi();
		return;
	}
	if (vector == VECTOR_MECHANISM) {
		mechanism.interrupt_count++;
		apic_eoi();
		return;
	}
	if (vector == VECTOR_SPURIOUS)
		return; /* not acknowledged (SDM 3A 11.9) */
	panic(regs, "interrupt %u, which no device was told to send", vector);
}

void do_interrupt(struct pt_regs *regs, unsigned vector)
{
	serve(regs, vector);
	if (from_user(regs) && unlikely(current->work & WORK_LOOP_MASK))
		exit_work(regs);
}
