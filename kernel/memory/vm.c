/* The program's address space: its areas' pages, put in on first touch or by vm_populate(). */
#include "cpu/cpu.h"
#include "entry/erase.h"
#include "lib/lib.h"
#include "memory/areas.h"
#include "mm/mm.h"
#include "syscall/syscall.h"

#define VM_ACCESS (VM_READ | VM_WRITE | VM_EXEC)

static bool range_is_valid(u64 start, u64 length)
{
	return !((start | length) & (PAGE_SIZE - 1)) && length && start < USER_END &&
	       length <= USER_END - start;
}

s64 vm_map_area(const struct vm_area *area)
{
	u64 length = area->end - area->start;
	if (!range_is_valid(area->start, length) || area->start < USER_START)
		return -EINVAL;
	if (!vm_range_is_free(area->start, length))
		return -EEXIST;
	return area_add(area) ? 0 : -ENOMEM;
}

BIG_FRAME_BEGIN
s64 vm_map(u64 start, u64 length, u32 prot)
{
	struct vm_area area = {.start = start, .end = start + length, .prot = prot};
	stack_mark();
	return vm_map_area(&area);
}
BIG_FRAME_END

/*
 * Of a page, by its area's rights; a table, since page faults are measured. What is dirty and not
 * writable is a shadow stack to the CPU (SDM 1 17.2.2): so nothing else may be, and what can no
 * longer be written does not stay dirty.
 */
#define FLAGS(prot, write)                                                                         \
	PTE_USER | ((prot)&VM_ACCESS ? PTE_PRESENT : 0) | ((prot)&VM_WRITE ? (write) : 0) |        \
	    ((prot)&VM_EXEC ? 0 : PTE_NX)
#define FOUR(prot, write)                                                                          \
	FLAGS(prot, write), FLAGS(prot + 1, write), FLAGS(prot + 2, write), FLAGS(prot + 3, write)
static const u64 page_flags[] = {
    FOUR(0, PTE_WRITE),
    FOUR(VM_EXEC, PTE_WRITE),
    FOUR(VM_SHADOW_STACK, PTE_DIRTY),
    FOUR(VM_SHADOW_STACK + VM_EXEC, PTE_DIRTY),
};
#undef FOUR
#undef FLAGS

/*
 * The lowest page, present or parked by PROT_NONE, in [address, end) and its entry; `end` if there
 * is none.
 */
BIG_FRAME_BEGIN
static u64 next_page(u64 address, u64 end, u64 **entry)
{
	u64 span;
	stack_mark();
	while (address < end) {
		*entry = page_find(address, &span);
		if (*entry && **entry)
			return address;
		address = ALIGN_DOWN(address, span) + span;
	}
	return end;
}
BIG_FRAME_END

BIG_FRAME_BEGIN
static void drop_pages(u64 start, u64 end)
{
	u64 *entry;
	stack_mark();
	for (u64 at = start; (at = next_page(at, end, &entry)) < end; at += PAGE_SIZE) {
		phys_free(*entry & PTE_ADDRESS);
		*entry = 0;
		flush_user_page(at);
	}
}
BIG_FRAME_END

s64 vm_unmap(u64 start, u64 length)
{
	if (!range_is_valid(start, length))
		return -EINVAL;
	u64 end = start + length;
	if (!area_split(start, end))
		return -ENOMEM;
	for (unsigned i = area_index(start); i < vm_area_count && vm_areas[i].start < end;) {
		drop_pages(vm_areas[i].start, vm_areas[i].end);
		area_remove(i);
	}
	return 0;
}

BIG_FRAME_BEGIN
static __attribute__((noinline)) void protect_pages(u64 start, u64 end, u32 prot)
{
	u64 *entry;
	stack_mark();
	for (u64 at = start; (at = next_page(at, end, &entry)) < end; at += PAGE_SIZE) {
		*entry = (*entry & PTE_ADDRESS) | page_flags[prot];
		flush_user_page(at);
	}
}
BIG_FRAME_END

static void protect_area(struct vm_area *area, u32 prot)
{
	area->prot = prot | (area->prot & VM_SHADOW_STACK);
	protect_pages(area->start, area->end, area->prot);
}

/* As on Linux, what lies before the first hole changes even where a hole makes the call fail. */
s64 vm_protect(u64 start, u64 length, u32 prot)
{
	u64 end = start + length, done = start;
	if (!range_is_valid(start, length))
		return -ENOMEM;
	if (!area_split(start, end))
		return -ENOMEM;
	for (unsigned i = area_index(start);
	     done < end && i < vm_area_count && vm_areas[i].start == done; i++) {
		protect_area(&vm_areas[i], prot);
		done = vm_areas[i].end;
	}
	area_join(start, end);
	return done < end ? -ENOMEM : 0;
}

s64 vm_discard(u64 start, u64 length)
{
	if (start >= USER_END)
		return -ENOMEM;
	drop_pages(start, length < USER_END - start ? start + length : USER_END);
	return vm_is_mapped(start, length) ? 0 : -ENOMEM;
}

/*
 * Moves pages as they are; the tables for them are made first, so that nothing is lost when memory
 * is out.
 */
BIG_FRAME_BEGIN
static bool move_pages(u64 from, u64 length, u64 to)
{
	u64 *entry, *target, at;
	stack_mark();
	for (at = from; (at = next_page(at, from + length, &entry)) < from + length;
	     at += PAGE_SIZE)
		if (!page_entry(kernel_table, to + (at - from), true))
			return false;
	for (at = from; (at = next_page(at, from + length, &entry)) < from + length;
	     at += PAGE_SIZE) {
		target = page_entry(kernel_table, to + (at - from), false);
		*target = *entry;
		*entry = 0;
		flush_user_page(at);
	}
	return true;
}
BIG_FRAME_END

BIG_FRAME_BEGIN
s64 vm_move(u64 from, u64 length, u64 to, u64 new_length)
{
	struct vm_area area;
	stack_mark();
	if (!area_split(from, from + length))
		return -ENOMEM;
	area = *vm_area_at(from);
	area.start = to;
	area.end = to + new_length;
	s64 error = vm_map_area(&area);
	if (error)
		return error;
	u64 moved = length < new_length ? length : new_length;
	if (!move_pages(from, moved, to)) {
		vm_unmap(to, new_length);
		return -ENOMEM;
	}
	return vm_unmap(from, length);
}
BIG_FRAME_END

/* A page with the area's content at `address` (page-aligned), where there is none yet. */
static enum vm_fault put_page(u64 address, const struct vm_area *area)
{
	u64 offset = address - area->start;
	if (area->data && offset >= area->size)
		return VM_FAULT_BEYOND_FILE;
	u64 *entry = page_entry(kernel_table, address, true);
	if (!entry)
		return VM_FAULT_NO_MEMORY;
	if (*entry)
		return VM_FAULT_DONE;
	u64 page = phys_alloc();
	if (!page)
		return VM_FAULT_NO_MEMORY;
	if (area->data) {
		u64 left = area->size - offset;
		memcpy(phys_to_virt(page), area->data + offset,
		       left < PAGE_SIZE ? left : PAGE_SIZE);
	}
	*entry = page | page_flags[area->prot];
	return VM_FAULT_DONE;
}

s64 vm_populate(u64 start, u64 length)
{
	for (u64 at = start; at < start + length; at += PAGE_SIZE) {
		const struct vm_area *area = vm_area_at(at);
		if (!area)
			return -ENOMEM;
		enum vm_fault fault = put_page(at, area);
		if (fault != VM_FAULT_DONE)
			return fault == VM_FAULT_NO_MEMORY ? -ENOMEM : -EFAULT;
	}
	return 0;
}

/*
 * By CALL and its like. One that means other memory finds a page there that is no shadow stack, and
 * faults again.
 */
static bool is_push(const struct vm_area *area, u64 error_code)
{
	return area->prot & VM_SHADOW_STACK && area->prot & VM_WRITE && error_code & PF_SHSTK;
}

enum vm_fault vm_fault(u64 address, u64 error_code)
{
	const struct vm_area *area = vm_area_at(address);
	if (!area)
		return VM_FAULT_NO_AREA;
	if (error_code & PF_PRESENT || !(area->prot & VM_ACCESS))
		return VM_FAULT_NO_ACCESS;
	if (error_code & PF_WRITE && (area->prot & (VM_WRITE | VM_SHADOW_STACK)) != VM_WRITE &&
	    !is_push(area, error_code))
		return VM_FAULT_NO_ACCESS;
	if (error_code & PF_FETCH && !(area->prot & VM_EXEC))
		return VM_FAULT_NO_ACCESS;
	return put_page(ALIGN_DOWN(address, PAGE_SIZE), area);
}

/* Frees the tables below `table` at `level` that serve ring 3's half; pages are gone already. */
static void free_tables(u64 table, int level)
{
	u64 *entries = phys_to_virt(table);
	for (unsigned i = 0; i < PAGE_SIZE / sizeof(u64); i++) {
		if (!(entries[i] & PTE_PRESENT))
			continue;
		if (level > 2)
			free_tables(entries[i] & PTE_ADDRESS, level - 1);
		phys_free(entries[i] & PTE_ADDRESS);
	}
}

void vm_reset(void)
{
	vm_last_page_used = false;
	while (vm_area_count)
		vm_unmap(vm_areas[0].start, vm_areas[0].end - vm_areas[0].start);
	/*
	 * Ring 3's half of the top level: the lower 256 entries of four levels, the first of five.
	 */
	unsigned tops = paging_levels == 5 ? 1 : 256;
	u64 *kernel = phys_to_virt(kernel_table.root), *user = phys_to_virt(user_table.root);
	for (unsigned i = 0; i < tops; i++) {
		if (!(kernel[i] & PTE_PRESENT))
			continue;
		free_tables(kernel[i] & PTE_ADDRESS, paging_levels - 1);
		phys_free(kernel[i] & PTE_ADDRESS);
		kernel[i] = 0;
		user[i] = 0;
	}
	write_cr3(read_cr3());
}
