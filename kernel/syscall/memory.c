/* mmap (anonymous, private), munmap, mprotect, brk, arch_prctl. */
#include "cpu.h"
#include "mm.h"
#include "syscall.h"
#include "task.h"

#define MAP_SHARED	    1
#define MAP_PRIVATE	    2
#define MAP_FIXED	    0x10
#define MAP_ANONYMOUS	    0x20
#define MAP_POPULATE	    0x8000
#define MAP_FIXED_NOREPLACE 0x100000
#define PROT_ALL	    (VM_READ | VM_WRITE | VM_EXEC)

static s64 choose_place(u64 *address, u64 length, u64 flags)
{
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (*address % PAGE_SIZE)
			return -EINVAL;
		if (*address < USER_START)
			return -EPERM;
		if (*address >= USER_END || length > USER_END - *address)
			return -ENOMEM;
		return flags & MAP_FIXED_NOREPLACE ? 0 : vm_unmap(*address, length);
	}
	*address = vm_find_gap(length);
	return *address ? 0 : -ENOMEM;
}

s64 sys_mmap(struct pt_regs *regs)
{
	u64 address = regs->di, length = ALIGN_UP(regs->si, PAGE_SIZE), flags = regs->r10;
	if (!regs->si || !(flags & (MAP_SHARED | MAP_PRIVATE)))
		return -EINVAL;
	if (!length || length > USER_END)
		return -ENOMEM;
	if (!(flags & MAP_ANONYMOUS))
		return -ENODEV;
	s64 error = choose_place(&address, length, flags);
	if (!error)
		error = vm_map(address, length, regs->dx & PROT_ALL);
	if (!error && flags & MAP_POPULATE)
		error = vm_populate(address, length);
	return error ? error : (s64)address;
}

s64 sys_munmap(struct pt_regs *regs)
{
	return vm_unmap(regs->di, ALIGN_UP(regs->si, PAGE_SIZE));
}

s64 sys_mprotect(struct pt_regs *regs)
{
	if (!regs->si)
		return regs->di % PAGE_SIZE ? -EINVAL : 0;
	return vm_protect(regs->di, ALIGN_UP(regs->si, PAGE_SIZE), regs->dx & PROT_ALL);
}

/* Returns the new end, or the old one where it cannot be had, as Linux does. */
s64 sys_brk(struct pt_regs *regs)
{
	u64 old_end = ALIGN_UP(current->brk, PAGE_SIZE), want = regs->di;
	if (want < current->brk_start || want >= USER_MMAP_TOP)
		return current->brk;
	u64 new_end = ALIGN_UP(want, PAGE_SIZE);
	if (new_end > old_end && vm_map(old_end, new_end - old_end, VM_READ | VM_WRITE))
		return current->brk;
	if (new_end < old_end && vm_unmap(new_end, old_end - new_end))
		return current->brk;
	current->brk = want;
	return want;
}

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
	switch (regs->di) {
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
