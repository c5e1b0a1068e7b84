/*
 * Segment descriptors as ring 3 describes them to modify_ldt and set_thread_area: Linux' struct
 * user_desc.
 */
#ifndef KERNEL_USER_DESC_H
#define KERNEL_USER_DESC_H

#include "lib/types.h"

struct user_desc {
	u32 index, base, limit;
	u32 seg_32bit : 1, contents : 2, read_exec_only : 1, limit_in_pages : 1;
	u32 seg_not_present : 1, useable : 1, long_mode : 1;
};
_Static_assert(sizeof(struct user_desc) == 16, "Linux' layout");

/*
 * A segment descriptor (SDM 3A figure 3-8) of ring 3; accessed already, since the CPU could not
 * write that bit.
 */
static inline u64 user_desc_descriptor(const struct user_desc *desc)
{
	u64 type = (u64)desc->contents << 2 | (u64)!desc->read_exec_only << 1 | 1;
	u64 rights = type | 1 << 4 | 3 << 5 | (u64)!desc->seg_not_present << 7;
	u64 high = (u64)desc->useable | (u64)desc->seg_32bit << 2 | (u64)desc->limit_in_pages << 3;
	return (desc->limit & 0xffff) | (u64)(desc->base & 0xffffff) << 16 | rights << 40 |
	       (u64)(desc->limit >> 16 & 0xf) << 48 | high << 52 | (u64)(desc->base >> 24) << 56;
}

/* What says "no entry": this and nothing else set; for some calls, all zero as well. */
static inline bool user_desc_is_empty(const struct user_desc *desc)
{
	return !desc->base && !desc->limit && !desc->contents && desc->read_exec_only &&
	       !desc->seg_32bit && !desc->limit_in_pages && desc->seg_not_present && !desc->useable;
}

static inline bool user_desc_is_zero(const struct user_desc *desc)
{
	return !desc->base && !desc->limit && !desc->contents && !desc->read_exec_only &&
	       !desc->seg_32bit && !desc->limit_in_pages && !desc->seg_not_present &&
	       !desc->useable;
}

#endif
