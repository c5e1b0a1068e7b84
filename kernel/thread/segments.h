/* Ring 3's data segment registers, and the bases of FS and GS. */
#ifndef KERNEL_SEGMENTS_H
#define KERNEL_SEGMENTS_H

#include "cpu/percpu.h"
#include "lib/types.h"

struct segments {
	u16 ds, es, fs, gs;
	u64 fs_base, gs_base;
	u64 tls[TLS_SEGMENTS];
};

/* FS or GS: its base is what was loaded last, by a selector or without one (selector 0). */
enum segment { SEGMENT_FS, SEGMENT_GS };
void segment_set_base(enum segment segment, u64 base); /* of the current task */
u64 segment_base(enum segment segment);

/* IRQs off in both. */
void segments_save(struct segments *to);
void segments_load(const struct segments *from);

/* The LDT has changed: the segment registers in use follow. */
void segments_refresh(void);

/* The descriptor of that selector has changed: the segment registers that hold it do too. */
void segments_reload(u16 selector);

/* Of the i386 system calls (tls.c); `user` points to a struct user_desc. */
s64 set_thread_area(u64 user);
s64 get_thread_area(u64 user);

/* Whether SS could be loaded with it in ring 3. */
bool segment_is_stack(u16 selector);

/*
 * What the descriptor of a selector says (segment_descriptor.c); a selector without one: 64 bits,
 * 0, false.
 */
unsigned segment_code_bits(u16 selector);
u64 segment_descriptor_base(u16 selector);
bool segment_holds(u16 selector, u64 offset, unsigned n);

/* The selector in ring 3's 'd', 'e', 'f' or 'g'; whether there is an LDT. */
u16 segment_selector(char segment);
bool segment_has_ldt(void);

#endif
