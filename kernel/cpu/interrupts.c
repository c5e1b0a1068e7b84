/* Interrupts of devices in C: from the generated stubs through entry/interrupt.S. */
#include "cpu.h"
#include "dev.h"
#include "lib.h"
#include "ways.h"

void do_interrupt(struct pt_regs *regs, unsigned vector);

void do_interrupt(struct pt_regs *regs, unsigned vector)
{
	if (vector == VECTOR_WAYS) {
		ways.interrupt_count++;
		apic_eoi();
		return;
	}
	if (vector == VECTOR_SPURIOUS)
		return; /* not acknowledged (SDM 3A 11.9) */
	panic(regs, "interrupt %u, which no device was told to send", vector);
}
