/* What the code of eb_cost finds at rbx (private/cost_code.S). */
#ifndef KERNEL_COST_H
#define KERNEL_COST_H

#include "lib/types.h"

struct cost_operands {
	u64 invpcid_pcid, invpcid_address; /* INVPCID's descriptor */
	u64 value;			   /* of the MSR, or a GS base */
	u64 cr3_flush, cr3_noflush;
	u32 msr;
	u32 value_is_base;
	u16 selector; /* VERW's: a writable data segment */
};

void cost_interrupt(void); /* the gate of VECTOR_COST */

#endif
