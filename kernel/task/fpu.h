/* x87, SSE and AVX state: ring 3's alone, the core computes with general registers only. */
#ifndef KERNEL_FPU_H
#define KERNEL_FPU_H

#include "lib/types.h"

/*
 * An area of fpu.size bytes in a page of its own holds the state as XSAVE (or FXSAVE, without it)
 * lays it out.
 */
struct fpu {
	u32 size;
	u64 features; /* XCR0; 0: no XSAVE */
};
extern struct fpu fpu;

void fpu_init(void);

void fpu_save(void *area);
bool fpu_restore(const void *area); /* false where the CPU refuses its content */
void fpu_reset(void);		    /* as a new program of Linux finds it */

/*
 * In a signal frame at a ring-3 address (fpu_frame.c); false where that cannot be. A frame at 0
 * stands for none.
 */
u64 fpu_frame_size(void);
bool fpu_frame_save(u64 to);
bool fpu_frame_restore(u64 from);

#endif
