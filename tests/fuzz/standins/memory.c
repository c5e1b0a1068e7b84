/*
 * The address space behind mm/mm.h and memory/vm.h: as strict as the kernel's, small, and each page
 * by itself on the heap.
 */
#include <stdlib.h>
#include <string.h>

#include "memory/areas.h"
#include "mm/mm.h"

enum { PAGES_MAX = 64 };
enum { EFAULT = 14, EEXIST = 17, EINVAL = 22, ENOMEM = 12 };

static struct {
	u64 address;
	u64 entry; /* its number, as a physical address; 0: there is no page */
	u8 *bytes;
} pages[PAGES_MAX];

struct page_table kernel_table;

/* There are no tasks here. */
void tasks_watch_last_page(void);
void tasks_watch_last_page(void)
{
}

u64 phys_free_pages(void)
{
	u64 n = 0;

	for (unsigned i = 0; i < PAGES_MAX; i++)
		n += !pages[i].entry;
	return n;
}

u64 phys_total_pages(void)
{
	return PAGES_MAX;
}

static bool is_range(u64 start, u64 length)
{
	return !((start | length) % PAGE_SIZE) && length && start < USER_END &&
	       length <= USER_END - start;
}

s64 vm_map_area(const struct vm_area *area)
{
	u64 length = area->end - area->start;

	if (!is_range(area->start, length) || area->start < USER_START)
		return -EINVAL;
	if (!vm_range_is_free(area->start, length))
		return -EEXIST;
	return area_add(area) ? 0 : -ENOMEM;
}

s64 vm_unmap(u64 start, u64 length)
{
	if (!is_range(start, length))
		return -EINVAL;
	if (!area_split(start, start + length))
		return -ENOMEM;
	for (unsigned i = 0; i < PAGES_MAX; i++)
		if (pages[i].entry && pages[i].address - start < length) {
			free(pages[i].bytes);
			pages[i].entry = 0;
		}
	for (unsigned i = area_index(start);
	     i < vm_area_count && vm_areas[i].start < start + length;)
		area_remove(i);
	return 0;
}

static s64 put_page(u64 address, const struct vm_area *area)
{
	u64 offset = address - area->start;

	if (page_entry(kernel_table, address, false))
		return 0;
	if (area->data && offset >= area->size)
		return -EFAULT;
	for (unsigned i = 0; i < PAGES_MAX; i++)
		if (!pages[i].entry) {
			pages[i].address = address;
			pages[i].entry = (u64)(i + 1) * PAGE_SIZE;
			pages[i].bytes = calloc(1, PAGE_SIZE);
			if (area->data)
				memcpy(pages[i].bytes, area->data + offset,
				       area->size - offset < PAGE_SIZE ? area->size - offset
								       : PAGE_SIZE);
			return 0;
		}
	return -ENOMEM;
}

s64 vm_populate(u64 start, u64 length)
{
	for (u64 at = start; at < start + length; at += PAGE_SIZE) {
		const struct vm_area *area = vm_area_at(at);
		s64 error = area ? put_page(at, area) : -ENOMEM;

		if (error)
			return error;
	}
	return 0;
}

u64 *page_entry(struct page_table table, u64 address, bool create)
{
	(void)table;
	(void)create;
	for (unsigned i = 0; i < PAGES_MAX; i++)
		if (pages[i].entry && address - pages[i].address < PAGE_SIZE)
			return &pages[i].entry;
	return NULL;
}

void *phys_to_virt(u64 phys)
{
	return pages[phys / PAGE_SIZE - 1].bytes;
}

void vm_reset(void)
{
	while (vm_area_count)
		vm_unmap(vm_areas[0].start, vm_areas[0].end - vm_areas[0].start);
}

u64 standin_areas(void)
{
	return vm_area_count;
}

const u8 *standin_byte(u64 address)
{
	const u64 *entry = page_entry(kernel_table, address, false);

	return entry ? (const u8 *)phys_to_virt(*entry) + address % PAGE_SIZE : NULL;
}
