/*
 * Interrupts of devices: what every vector of the array of stubs that nobody else took leads to. As
 * an exception, but the instruction interrupted has nothing to do with it.
 *
 * The CPU has pushed ss, rsp, rflags, cs, rip, cleared IF and TF; the stub has pushed orig_ax and
 * rdi. Next: do_interrupt(regs, vector) in cpu/interrupts.c, with IRQs off.
 */
#define PHASE_FIRST 112
#include "calling.h"
#include "idt_entry.h"

	.section .entry.text, "ax"

IDT_ENTRY interrupt, function=do_interrupt

	.section .note.GNU-stack, "", @progbits
