/*
 * arch_prctl: the bases of FS and GS (to set one also sets the selector to 0), and shadow stacks.
 */
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "task/shstk.h"
#include "thread/segments.h"

enum { ARCH_SET_GS = 0x1001, ARCH_SET_FS, ARCH_GET_FS, ARCH_GET_GS };

/* A base must be ring 3's: the paranoid entries take a negative GS base for the kernel's. */
static s64 set_base(enum segment segment, u64 address)
{
	if (address >= USER_END)
		return -EPERM;
	segment_set_base(segment, address);
	return 0;
}

static s64 get_base(enum segment segment, u64 to)
{
	u64 base = segment_base(segment);
	return copy_to_user(to, &base, sizeof(base)) ? 0 : -EFAULT;
}

s64 sys_arch_prctl(const struct syscall_args *regs)
{
	switch ((u32)regs->di) {
	case ARCH_SET_FS:
		return set_base(SEGMENT_FS, regs->si);
	case ARCH_SET_GS:
		return set_base(SEGMENT_GS, regs->si);
	case ARCH_GET_FS:
		return get_base(SEGMENT_FS, regs->si);
	case ARCH_GET_GS:
		return get_base(SEGMENT_GS, regs->si);
	}
	return shstk_prctl(regs->di, regs->si);
}
