/* arch_prctl: the bases of FS and GS. */
#include "cpu/cpu.h"
#include "mm/mm.h"
#include "syscall/syscall.h"

enum { ARCH_SET_GS = 0x1001, ARCH_SET_FS, ARCH_GET_FS, ARCH_GET_GS };

/* A base must be ring 3's: the paranoid entries take a negative GS base for the kernel's. */
static s64 set_base(u32 msr, u64 address)
{
	if (address >= USER_END)
		return -EPERM;
	wrmsr(msr, address);
	return 0;
}

static s64 get_base(u32 msr, u64 to)
{
	u64 base = rdmsr(msr);
	return copy_to_user(to, &base, sizeof(base)) ? 0 : -EFAULT;
}

s64 sys_arch_prctl(struct pt_regs *regs)
{
	switch ((u32)regs->di) {
	case ARCH_SET_FS:
		return set_base(MSR_FS_BASE, regs->si);
	case ARCH_SET_GS:
		return set_base(MSR_KERNEL_GS_BASE, regs->si);
	case ARCH_GET_FS:
		return get_base(MSR_FS_BASE, regs->si);
	case ARCH_GET_GS:
		return get_base(MSR_KERNEL_GS_BASE, regs->si);
	}
	return -EINVAL;
}
