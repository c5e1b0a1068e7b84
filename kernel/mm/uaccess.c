/*
 * Access to ring 3's memory: checked against the address space's end, SMAP opened for just the
 * copy.
 */
#include "cpu/cpu.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "syscall/syscall.h"

size_t user_copy(void *to, const void *from, size_t n);
bool user_load_32(u32 *to, const u32 *from);

struct extable_row {
	u64 from, to;
};
extern const struct extable_row extable_start[], extable_end[];

u64 extable_find(u64 ip)
{
	for (const struct extable_row *row = extable_start; (u64)row < (u64)extable_end; row++)
		if (row->from == ip)
			return row->to;
	return 0;
}

bool user_range(u64 address, u64 n)
{
	return address < USER_END && n <= USER_END - address;
}

/* How many bytes were copied. */
static size_t copy(void *to, const void *from, u64 user, size_t n)
{
	if (!user_range(user, n))
		return 0;
	if (cpu.smap)
		__asm__ volatile("stac" : : : "memory", "cc");
	size_t left = user_copy(to, from, n);
	if (cpu.smap)
		__asm__ volatile("clac" : : : "memory", "cc");
	return n - left;
}

size_t copy_from_user_upto(void *to, u64 from, size_t n)
{
	return copy(to, (const void *)from, from, n);
}

size_t copy_to_user_upto(u64 to, const void *from, size_t n)
{
	return copy((void *)to, from, to, n);
}

bool copy_from_user(void *to, u64 from, size_t n)
{
	return copy_from_user_upto(to, from, n) == n;
}

bool copy_to_user(u64 to, const void *from, size_t n)
{
	return copy_to_user_upto(to, from, n) == n;
}

u64 clear_user_upto(u64 to, u64 n)
{
	static const u8 zeros[512];
	u64 done = 0, part;
	for (; done < n; done += part) {
		part = n - done < sizeof(zeros) ? n - done : sizeof(zeros);
		u64 copied = copy_to_user_upto(to + done, zeros, part);
		if (copied < part)
			return done + copied;
	}
	return done;
}

bool load_user_32(u32 *to, u64 from)
{
	if (from > USER_END - sizeof(*to))
		return false;
	if (cpu.smap)
		__asm__ volatile("stac" : : : "memory", "cc");
	bool loaded = user_load_32(to, (const u32 *)from);
	if (cpu.smap)
		__asm__ volatile("clac" : : : "memory", "cc");
	return loaded;
}

s64 copy_string_from_user(char *to, u64 from, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (!copy_from_user(to + i, from + i, 1))
			return -EFAULT;
		if (!to[i])
			return i;
	}
	return -ENAMETOOLONG;
}
