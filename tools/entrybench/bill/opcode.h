/* What the bill wants to know of an x86-64 instruction, from its bytes (SDM vol. 2, appendix A). */
#ifndef BILL_OPCODE_H
#define BILL_OPCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct opcode {
	/*
	 * The instruction's name where it is privileged, serialising, or moves between rings, segments or states of
	 * the CPU, and so costs more than its one count says; NULL for all others.
	 */
	const char *special;
	bool call, ret; /* near: they push and pop a return address */
	bool branch;	/* jumps, calls, returns, near and far */
	bool push, pop; /* stores to, or loads from, the top of the stack */
	bool
	    pop_frame; /* its loads of eight bytes are from the stack, the others are of descriptors */
	bool enters;  /* takes ring 3 into the kernel by its nature, and has executed when it did */
	bool by_gate; /* enters through the IDT, also from ring 0 */
	bool iret, sysret; /* sysret: SYSEXIT as well */
};

/* Never fails: what it does not know is an ordinary instruction. */
struct opcode opcode_of(const uint8_t *bytes, size_t size);

#endif
