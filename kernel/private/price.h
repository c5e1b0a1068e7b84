/* What the code of eb_price finds at rbx (private/price_code.S). */
#ifndef KERNEL_PRICE_H
#define KERNEL_PRICE_H

#include "lib/types.h"

struct price_operands {
	u64 invpcid_pcid, invpcid_address; /* INVPCID's descriptor */
	u64 value;			   /* of the MSR, or a GS base */
	u64 cr3_flush, cr3_noflush;
	u32 msr;
	u32 value_is_base;
	u16 selector; /* VERW's: a writable data segment */
};

void price_interrupt(void); /* the gate of VECTOR_PRICE */

#endif
