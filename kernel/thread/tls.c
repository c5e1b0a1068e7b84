/*
 * set_thread_area and get_thread_area: three segments in the GDT, each thread's own, for 32-bit
 * code. Linux has them among the 32-bit system calls only; a 64-bit program makes those by INT
 * 0x80.
 */
#include "cpu/percpu.h"
#include "cpu/selectors.h"
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "task/task.h"
#include "thread/segments.h"
#include "thread/user_desc.h"

static struct user_desc desc; /* of the call at hand */

/* Reads it; the slot that it names, or a negative errno. -1 asks for any that is free. */
static s64 read_desc(u64 from, bool choose)
{
	s64 slot;
	if (!copy_from_user(&desc, from, sizeof(desc)))
		return -EFAULT;
	if (choose && desc.index == ~0u) {
		for (slot = 0; slot < TLS_SEGMENTS; slot++)
			if (!current->segments.tls[slot])
				return slot;
		return -ESRCH;
	}
	slot = (s64)desc.index - GDT_TLS;
	return slot >= 0 && slot < TLS_SEGMENTS ? slot : -EINVAL;
}

static bool is_empty(void)
{
	return user_desc_is_zero(&desc) || user_desc_is_empty(&desc);
}

/* 32-bit data that is there. */
static bool is_allowed(void)
{
	return is_empty() || (desc.seg_32bit && desc.contents <= 1 && !desc.seg_not_present);
}

s64 set_thread_area(u64 user)
{
	s64 slot;
	if (!copy_from_user(&desc, user, sizeof(desc)))
		return -EFAULT;
	if (!is_allowed())
		return -EINVAL;
	slot = read_desc(user, true);
	if (slot < 0)
		return slot;
	if (desc.index == ~0u) {
		desc.index = GDT_TLS + slot;
		if (!copy_to_user(user, &desc.index, sizeof(desc.index)))
			return -EFAULT;
	}
	current->segments.tls[slot] = is_empty() ? 0 : user_desc_descriptor(&desc);
	cpu_set_tls(current->segments.tls);
	segments_reload(desc.index * 8 + 3);
	return 0;
}

s64 get_thread_area(u64 user)
{
	s64 slot = read_desc(user, false);
	if (slot < 0)
		return slot;
	u64 d = current->segments.tls[slot];
	desc = (struct user_desc){
	    .index = desc.index,
	    .base = (d >> 16 & 0xffffff) | d >> 56 << 24,
	    .limit = (d & 0xffff) | (d >> 48 & 0xf) << 16,
	    .seg_32bit = d >> 54,
	    .contents = d >> 42,
	    .read_exec_only = !(d >> 41 & 1),
	    .limit_in_pages = d >> 55,
	    .seg_not_present = !(d >> 47 & 1),
	    .useable = d >> 52,
	    .long_mode = d >> 53,
	};
	return copy_to_user(user, &desc, sizeof(desc)) ? 0 : -EFAULT;
}
