/* mmap and its kin: ring 3's side of the address space. */
#include "entry/erase.h"
#include "file/open_file.h"
#include "memory/vm.h"
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "task/process.h"

#define MAP_TYPE	    0xf
#define MAP_SHARED	    1
#define MAP_PRIVATE	    2
#define MAP_SHARED_VALIDATE 3
#define MAP_FIXED	    0x10
#define MAP_ANONYMOUS	    0x20
#define MAP_32BIT	    0x40
#define MAP_POPULATE	    0x8000
#define MAP_FIXED_NOREPLACE 0x100000
#define PROT_ALL	    (VM_READ | VM_WRITE | VM_EXEC)
#define PROT_SEM	    8 /* of no effect on x86 */

#define MAX_ERROR_ADDRESS ((u64)-PAGE_SIZE)

s64 vm_choose_fixed(u64 address, u64 length, bool replace)
{
	if (length >= USER_END)
		return -ENOMEM;
	if (address > MAX_ERROR_ADDRESS)
		return address; /* on Linux an address that looks like an error is one */
	if (address > USER_END - length)
		return -ENOMEM;
	if (address % PAGE_SIZE)
		return -EINVAL;
	if (address < USER_START)
		return -EPERM;
	if (!replace)
		return vm_range_is_free(address, length) ? 0 : -EEXIST;
	return vm_unmap(address, length);
}

#define LOW_TOP 0x80000000ul /* MAP_32BIT: addresses that a signed int holds */

/* Where a mapping goes: where ring 3 says, where it would like, or the topmost gap. */
static s64 choose_place(u64 *address, u64 length, u64 flags)
{
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE))
		return vm_choose_fixed(*address, length, !(flags & MAP_FIXED_NOREPLACE));
	*address = ALIGN_DOWN(*address, PAGE_SIZE);
	if (flags & MAP_32BIT && *address + length > LOW_TOP)
		*address = 0;
	if (*address >= USER_START && *address < USER_END && length <= USER_END - *address &&
	    vm_range_is_free(*address, length))
		return 0;
	*address = vm_find_gap(length, flags & MAP_32BIT ? LOW_TOP : USER_MMAP_TOP);
	return *address ? 0 : -ENOMEM;
}

#define MAX_FILE (1ull << 63) /* offsets are signed */

/* Fills in what the mapping shows of a file. */
static s64 choose_file(struct vm_area *area, const struct syscall_args *regs)
{
	const struct open_file *file = file_at(regs->r8);
	u64 flags = regs->r10, offset = regs->r9;
	if (flags & MAP_ANONYMOUS)
		return 0;
	if (!file)
		return -EBADF;
	if (file->ops == &zero_ops)
		return 0;
	if (file->ops != &archive_ops || file->node.type != NODE_FILE)
		return -ENODEV;
	if ((flags & MAP_TYPE) != MAP_PRIVATE && area->prot & VM_WRITE)
		return -EACCES;
	if (offset > MAX_FILE - ALIGN_UP(regs->si, PAGE_SIZE))
		return -EOVERFLOW;
	u64 size = file->node.file.size;
	area->data = file->node.file.data + (offset < size ? offset : size);
	area->size = offset < size ? size - offset : 0;
	return 0;
}

BIG_FRAME_BEGIN
s64 sys_mmap(const struct syscall_args *regs)
{
	struct vm_area area = {.start = regs->di, .prot = regs->dx & PROT_ALL};
	u64 length = pages_of(regs->si), flags = regs->r10, type = flags & MAP_TYPE;
	stack_mark();
	if (regs->r9 % PAGE_SIZE)
		return -EINVAL;
	s64 error = choose_file(&area, regs);
	if (error == -EBADF)
		return error;
	if (!regs->si || (type != MAP_SHARED && type != MAP_PRIVATE && type != MAP_SHARED_VALIDATE))
		return -EINVAL;
	if (!length)
		return -ENOMEM;
	if (!error)
		error = choose_place(&area.start, length, flags);
	area.end = area.start + length;
	if (!error)
		error = vm_map_area(&area);
	if (error)
		return error;
	if (flags & MAP_POPULATE) /* as far as it goes */
		vm_populate(area.start, length);
	return area.start;
}
BIG_FRAME_END

s64 sys_munmap(const struct syscall_args *regs)
{
	return vm_unmap(regs->di, pages_of(regs->si));
}

s64 sys_mprotect(const struct syscall_args *regs)
{
	u64 start = regs->di, end = start + ALIGN_UP(regs->si, PAGE_SIZE);
	if (start % PAGE_SIZE)
		return -EINVAL;
	if (!regs->si)
		return 0;
	if (end <= start)
		return -ENOMEM;
	if (regs->dx & ~(u64)(PROT_ALL | PROT_SEM))
		return -EINVAL;
	return vm_protect(start, end - start, regs->dx & PROT_ALL);
}

/* Returns the new end, or the old one where it cannot be had, as Linux does. */
s64 sys_brk(const struct syscall_args *regs)
{
	u64 old_end = ALIGN_UP(process.brk, PAGE_SIZE), want = regs->di;
	if (want < process.brk_start || want >= USER_MMAP_TOP)
		return process.brk;
	u64 new_end = ALIGN_UP(want, PAGE_SIZE);
	if (new_end > old_end && vm_map(old_end, new_end - old_end, VM_READ | VM_WRITE))
		return process.brk;
	if (new_end < old_end && vm_unmap(new_end, old_end - new_end))
		return process.brk;
	process.brk = want;
	return want;
}

enum {
	MADV_NORMAL,
	MADV_RANDOM,
	MADV_SEQUENTIAL,
	MADV_WILLNEED,
	MADV_DONTNEED,
	MADV_FREE = 8,
	MADV_REMOVE,
	MADV_DONTFORK,
	MADV_DOFORK,
	MADV_MERGEABLE,
	MADV_UNMERGEABLE,
	MADV_HUGEPAGE,
	MADV_NOHUGEPAGE,
	MADV_DONTDUMP,
	MADV_DODUMP,
	MADV_WIPEONFORK,
	MADV_KEEPONFORK,
	MADV_COLD,
	MADV_PAGEOUT,
	MADV_POPULATE_READ,
	MADV_POPULATE_WRITE,
	MADV_DONTNEED_LOCKED,
	MADV_COLLAPSE,
};

/* Those of Linux 6.1 and later. */
static bool advice_is_known(u32 advice)
{
	return advice <= MADV_DONTNEED || (advice >= MADV_FREE && advice <= MADV_COLLAPSE);
}

/* A hole in the shared file, or huge pages: no area here can have them. */
static s64 refuse(u64 start, u64 length, s64 error)
{
	return vm_range_is_free(start, length) ? -ENOMEM : error;
}

s64 sys_madvise(const struct syscall_args *regs)
{
	u64 start = regs->di, length = ALIGN_UP(regs->si, PAGE_SIZE);
	if (!advice_is_known(regs->dx) || start % PAGE_SIZE || (regs->si && !length) ||
	    start + length < start)
		return -EINVAL;
	if (!length)
		return 0;
	switch ((u32)regs->dx) {
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
		return vm_discard(start, length);
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
		return vm_populate(start, length);
	case MADV_REMOVE:
	case MADV_COLLAPSE:
		return refuse(start, length, -EINVAL);
	}
	return vm_is_mapped(start, length) ? 0 : -ENOMEM;
}
