/* Ring 3's data segment registers, and the bases of FS and GS. */
#ifndef KERNEL_SEGMENTS_H
#define KERNEL_SEGMENTS_H

#include "types.h"

struct segments {
	u16 ds, es, fs, gs;
	u64 fs_base, gs_base;
};

/* IRQs off in both. */
void segments_save(struct segments *to);
void segments_load(const struct segments *from);

#endif
