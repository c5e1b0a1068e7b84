/*
 * The ways in of old with empty handlers: what a call gate and an interrupt gate cost by
 * themselves, beside `floor`. Nothing of ring 3's is touched but its stack pointer, which the CPU
 * itself puts back, so GS and CR3 stay ring 3's. Every variant has both; a program has them opened
 * by eb_mechanism.
 *
 * A call gate clears neither IF nor TF: an interrupt here is ring 3's (return_fixup.S), a single
 * step is passed over (cpu/traps.c).
 */
#define PHASE_FIRST 104
#include "calling.h"

	.section .entry.text, "ax"

	.globl call_gate_lretq, interrupt_gate_iretq

ENTRY entry_call_gate			/* rsp = TSS.sp0: rip, cs, rsp, ss */
PHASE call_gate, leave, stamp=0
	ENDBR
call_gate_lretq:
	lretq
PHASE call_gate, end, stamp=0
END entry_call_gate

ENTRY entry_interrupt_gate		/* rsp = TSS.sp0: rip, cs, rflags, rsp, ss */
PHASE interrupt_gate, leave, stamp=0
	ENDBR
interrupt_gate_iretq:
	iretq
PHASE interrupt_gate, end, stamp=0
END entry_interrupt_gate

	.section .note.GNU-stack, "", @progbits
