/* The program's address space: areas in ascending order, pages put in on first touch or by vm_populate(). */
#include "cpu.h"
#include "erase.h"
#include "lib.h"
#include "mm.h"
#include "syscall.h"

static struct vm_area areas[VM_MAX_AREAS];
static unsigned area_count;

/* The first area that ends above `address`. */
static unsigned area_index(u64 address)
{
	unsigned low = 0, high = area_count;
	while (low < high) {
		unsigned middle = (low + high) / 2;
		if (areas[middle].end > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

const struct vm_area *vm_area_at(u64 address)
{
	unsigned i = area_index(address);
	return i < area_count && areas[i].start <= address ? &areas[i] : NULL;
}

static bool range_is_valid(u64 start, u64 length)
{
	return !((start | length) & (PAGE_SIZE - 1)) && length && start >= USER_START &&
	       start < USER_END && length <= USER_END - start;
}

static void insert(unsigned at, struct vm_area area)
{
	memmove(&areas[at + 1], &areas[at], (area_count - at) * sizeof(areas[0]));
	areas[at] = area;
	area_count++;
}

static void remove(unsigned at)
{
	area_count--;
	memmove(&areas[at], &areas[at + 1], (area_count - at) * sizeof(areas[0]));
}

/* Makes `address` a border: the area that spans it becomes two. */
static void split(u64 address)
{
	unsigned i = area_index(address);
	if (i >= area_count || areas[i].start >= address)
		return;
	insert(i + 1, (struct vm_area){address, areas[i].end, areas[i].prot});
	areas[i].end = address;
}

/* Joins area `at` with the one after it where they touch and agree. */
static void join(unsigned at)
{
	if (at + 1 >= area_count || areas[at].end != areas[at + 1].start ||
	    areas[at].prot != areas[at + 1].prot)
		return;
	areas[at].end = areas[at + 1].end;
	remove(at + 1);
}

BIG_FRAME_BEGIN
s64 vm_map(u64 start, u64 length, u32 prot)
{
	stack_mark();
	if (!range_is_valid(start, length))
		return -EINVAL;
	unsigned i = area_index(start);
	if (i < area_count && areas[i].start < start + length)
		return -EEXIST;
	if (area_count + 1 > VM_MAX_AREAS)
		return -ENOMEM;
	insert(i, (struct vm_area){start, start + length, prot});
	join(i);
	if (i)
		join(i - 1);
	return 0;
}
BIG_FRAME_END

static u64 page_flags(u32 prot)
{
	u64 flags = PTE_USER;
	if (prot & (VM_READ | VM_WRITE | VM_EXEC))
		flags |= PTE_PRESENT;
	if (prot & VM_WRITE)
		flags |= PTE_WRITE;
	if (!(prot & VM_EXEC))
		flags |= PTE_NX;
	return flags;
}

/* The lowest present-or-parked page at or above `address` below `end`, its entry in *entry; `end` if none. Skips missing tables. */
static u64 next_page(u64 address, u64 end, u64 **entry)
{
	while (address < end) {
		*entry = page_entry(kernel_table, address, false);
		if (*entry && **entry)
			return address;
		/* without a table the whole 2 MiB it would serve is empty */
		address = *entry ? address + PAGE_SIZE
				 : ALIGN_DOWN(address, HUGE_PAGE_SIZE) + HUGE_PAGE_SIZE;
	}
	return end;
}

BIG_FRAME_BEGIN
s64 vm_unmap(u64 start, u64 length)
{
	u64 end = start + length, *entry;
	stack_mark();
	if (!range_is_valid(start, length))
		return -EINVAL;
	if (area_count + 2 > VM_MAX_AREAS)
		return -ENOMEM;
	split(start);
	split(end);
	for (unsigned i = area_index(start); i < area_count && areas[i].start < end;) {
		for (u64 at = areas[i].start;
		     (at = next_page(at, areas[i].end, &entry)) < areas[i].end; at += PAGE_SIZE) {
			phys_free(*entry & PTE_ADDRESS);
			*entry = 0;
			flush_user_page(at);
		}
		remove(i);
	}
	return 0;
}
BIG_FRAME_END

BIG_FRAME_BEGIN
s64 vm_protect(u64 start, u64 length, u32 prot)
{
	u64 end = start + length, covered = start, *entry;
	stack_mark();
	if (!range_is_valid(start, length))
		return -EINVAL;
	for (unsigned i = area_index(start);
	     i < area_count && areas[i].start <= covered && covered < end; i++)
		covered = areas[i].end;
	if (covered < end)
		return -ENOMEM;
	if (area_count + 2 > VM_MAX_AREAS)
		return -ENOMEM;
	split(start);
	split(end);
	for (unsigned i = area_index(start); i < area_count && areas[i].start < end; i++)
		areas[i].prot = prot;
	for (u64 at = start; (at = next_page(at, end, &entry)) < end; at += PAGE_SIZE) {
		*entry = (*entry & PTE_ADDRESS) | page_flags(prot);
		flush_user_page(at);
	}
	for (unsigned i = area_index(end - 1) + 1; i-- > 0 && areas[i].end >= start;)
		join(i);
	return 0;
}
BIG_FRAME_END

/* A zeroed page at `address` with the area's protection; false when memory is out. */
static bool put_page(u64 address, u32 prot)
{
	u64 *entry = page_entry(kernel_table, address, true);
	if (!entry)
		return false;
	if (*entry)
		return true;
	u64 page = phys_alloc();
	if (!page)
		return false;
	*entry = page | page_flags(prot);
	return true;
}

s64 vm_populate(u64 start, u64 length)
{
	for (u64 at = start; at < start + length; at += PAGE_SIZE) {
		const struct vm_area *area = vm_area_at(at);
		if (!area)
			return -EFAULT;
		if (!put_page(at, area->prot))
			return -ENOMEM;
	}
	return 0;
}

u64 vm_find_gap(u64 length)
{
	u64 end = USER_MMAP_TOP;
	for (unsigned i = area_index(USER_MMAP_TOP - 1) + 1; i-- > 0;) {
		if (i >= area_count)
			continue;
		if (areas[i].end <= end && end - areas[i].end >= length)
			break;
		if (areas[i].start < end)
			end = areas[i].start;
	}
	return end >= USER_START + length ? end - length : 0;
}

bool vm_fault(u64 address, u64 error_code)
{
	const struct vm_area *area = vm_area_at(address);
	if (!area || error_code & PF_PRESENT)
		return false;
	if (error_code & PF_WRITE && !(area->prot & VM_WRITE))
		return false;
	if (error_code & PF_FETCH && !(area->prot & VM_EXEC))
		return false;
	if (!(area->prot & (VM_READ | VM_WRITE | VM_EXEC)))
		return false;
	return put_page(ALIGN_DOWN(address, PAGE_SIZE), area->prot);
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
	while (area_count)
		vm_unmap(areas[0].start, areas[0].end - areas[0].start);
	/* Ring 3's half of the top level: the lower 256 entries of four levels, the first of five. */
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
