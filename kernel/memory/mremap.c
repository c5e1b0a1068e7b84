/* mremap: longer, shorter, elsewhere. */
#include "entry/erase.h"
#include "memory/vm.h"
#include "syscall/syscall.h"

#define MREMAP_MAYMOVE	 1
#define MREMAP_FIXED	 2
#define MREMAP_DONTUNMAP 4

/* [address, address + length) lies in one area; 0 or -EFAULT. */
static s64 check_one_area(u64 address, u64 length)
{
	const struct vm_area *area = vm_area_at(address);
	return area && length <= area->end - address ? 0 : -EFAULT;
}

/* Longer, where the area ends with what is to grow and the place behind it is free. */
BIG_FRAME_BEGIN
static bool grow(u64 address, u64 old, u64 wanted)
{
	const struct vm_area *area = vm_area_at(address);
	struct vm_area more;
	stack_mark();
	if (area->end != address + old || wanted > USER_END - address ||
	    !vm_range_is_free(area->end, wanted - old))
		return false;
	more = *area;
	more.start = area->end;
	more.end = address + wanted;
	if (more.data) {
		u64 shown = area->end - area->start;
		more.data += shown;
		more.size -= shown < more.size ? shown : more.size;
	}
	return !vm_map_area(&more);
}
BIG_FRAME_END

static s64 move(u64 address, u64 old, u64 wanted)
{
	u64 to = vm_find_gap(wanted, USER_MMAP_TOP);
	s64 error = to ? vm_move(address, old, to, wanted) : -ENOMEM;
	return error ? error : (s64)to;
}

static s64 move_to(u64 address, u64 old, u64 wanted, u64 to)
{
	s64 error = vm_unmap(to, wanted);
	if (!error && wanted < old) {
		error = vm_unmap(address + wanted, old - wanted);
		old = wanted;
	}
	if (!error)
		error = check_one_area(address, old);
	if (!error)
		error = vm_move(address, old, to, wanted);
	return error ? error : (s64)to;
}

/*
 * What makes no sense whatever is mapped, before anything is looked at, as on Linux 6.17 and later.
 */
static s64 check_arguments(const struct syscall_args *regs, u64 old, u64 wanted)
{
	u64 address = regs->di, flags = regs->r10, to = regs->r8;
	if (flags & ~(u64)(MREMAP_MAYMOVE | MREMAP_FIXED) || address % PAGE_SIZE)
		return -EINVAL;
	if (!wanted || wanted >= USER_END)
		return -EINVAL;
	if (!(flags & MREMAP_FIXED))
		return 0;
	if (to > USER_END - wanted || to < USER_START || to % PAGE_SIZE ||
	    !(flags & MREMAP_MAYMOVE))
		return -EINVAL;
	return to < address + old && address < to + wanted ? -EINVAL : 0;
}

BIG_FRAME_BEGIN
s64 sys_mremap(const struct syscall_args *regs)
{
	u64 address = regs->di, old = ALIGN_UP(regs->si, PAGE_SIZE),
	    wanted = ALIGN_UP(regs->dx, PAGE_SIZE);
	u64 flags = regs->r10;
	stack_mark();
	s64 error = check_arguments(regs, old, wanted);
	if (error)
		return error;
	if (!vm_area_at(address))
		return -EFAULT;
	if (!old)
		return -EINVAL; /* only shared mappings can be doubled */
	if (flags & MREMAP_FIXED)
		return move_to(address, old, wanted, regs->r8);
	if (wanted <= old) {
		error = wanted < old ? vm_unmap(address + wanted, old - wanted) : 0;
		return error ? error : (s64)address;
	}
	error = check_one_area(address, old);
	if (error)
		return error;
	if (grow(address, old, wanted))
		return address;
	return flags & MREMAP_MAYMOVE ? move(address, old, wanted) : -ENOMEM;
}
BIG_FRAME_END
