/*
 * An instruction that the guest executed, and what the bill wants to know of it, decoded once by
 * Zydis.
 */
#ifndef BILL_INSN_H
#define BILL_INSN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LEDGER_INSN_MAX 15 /* bytes */

struct ledger_insn {
	uint64_t address;
	uint8_t bytes[LEDGER_INSN_MAX], size;
	const char *text; /* QEMU's disassembly */

	/*
	 * The rest is insn_decode()'s. The name, where the instruction is privileged or
	 * serialising, or moves between rings, segments or states of the CPU, and so costs more
	 * than its one count says; else NULL.
	 */
	const char *special;
	uint32_t shape;	   /* alike for one operation on the same registers, whatever the numbers */
	bool serialising;  /* SDM 3A, "Serializing Instructions" */
	bool call, ret;	   /* near: they push and pop a return address */
	bool branch;	   /* jumps, calls, returns, near and far */
	bool push, pop;	   /* stores to, or loads from, the top of the stack */
	bool pop_frame;	   /* loads of eight bytes are from the stack, others are of descriptors */
	bool enters;	   /* takes ring 3 into the kernel by its nature, and has executed then */
	bool by_gate;	   /* enters through the IDT, also from ring 0 */
	bool iret, sysret; /* sysret: SYSEXIT as well */
};

/* From its bytes; never fails: what Zydis does not know is an ordinary instruction. */
void insn_decode(struct ledger_insn *insn);

/* Kernel addresses are those of the upper half. */
static inline bool insn_in_kernel(const struct ledger_insn *insn)
{
	return (int64_t)insn->address < 0;
}

#endif
