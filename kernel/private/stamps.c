/*
 * eb_stamps: hands out the time stamps that a stamped image's phases took. Called by INT 0x80,
 * which takes none of SYSCALL's.
 */
#include "cpu/percpu.h"
#include "entry/variant.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "syscall/syscall.h"

enum { STAMPS_READ, STAMPS_NAME };

/* Names are sent with their terminator, in a buffer of this size. */
#define NAME_SIZE 40

static s64 read_stamps(u64 to)
{
	if (!copy_to_user(to, this_cpu->stamps, sizeof(this_cpu->stamps)))
		return -EFAULT;
	memset(this_cpu->stamps, 0, sizeof(this_cpu->stamps));
	return STAMPS;
}

static s64 name_stamp(u64 to, u64 index)
{
	static char name[NAME_SIZE];
	const char *known = phase_name_of(index);

	if (!known)
		return -EINVAL;
	copy_string(name, sizeof(name), known);
	return copy_to_user(to, name, sizeof(name)) ? 0 : -EFAULT;
}

s64 sys_eb_stamps(struct pt_regs *regs)
{
	if (!entry_variant.stamped)
		return -ENODEV;
	switch (regs->di) {
	case STAMPS_READ:
		return read_stamps(regs->si);
	case STAMPS_NAME:
		return name_stamp(regs->si, regs->dx);
	}
	return -EINVAL;
}
