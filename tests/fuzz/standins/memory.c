/* The address space behind mm/mm.h and memory/vm.h: as strict as the kernel's, small, and each page by itself on the heap. */
#include <stdlib.h>

#include "memory/vm.h"
#include "mm/mm.h"

enum { AREAS_MAX = 128, PAGES_MAX = 512 };
enum { EEXIST = 17, EINVAL = 22, ENOMEM = 12, EFAULT = 14 };

static struct {
	u64 start, end;
} areas[AREAS_MAX];
static unsigned area_count;

static struct {
	u64 address;
	u64 entry; /* its number, as a physical address */
	u8 *bytes;
} pages[PAGES_MAX];
static unsigned page_count;

struct page_table kernel_table;

s64 vm_map(u64 start, u64 length, u32 prot)
{
	(void)prot;
	if ((start | length) % PAGE_SIZE || !length || start < USER_START || start >= USER_END ||
	    length > USER_END - start)
		return -EINVAL;
	for (unsigned i = 0; i < area_count; i++)
		if (start < areas[i].end && areas[i].start < start + length)
			return -EEXIST;
	if (area_count == AREAS_MAX)
		return -ENOMEM;
	areas[area_count].start = start;
	areas[area_count++].end = start + length;
	return 0;
}

static bool is_mapped(u64 address)
{
	for (unsigned i = 0; i < area_count; i++)
		if (address >= areas[i].start && address < areas[i].end)
			return true;
	return false;
}

s64 vm_populate(u64 start, u64 length)
{
	for (u64 at = start; at < start + length; at += PAGE_SIZE) {
		if (!is_mapped(at))
			return -EFAULT;
		if (page_count == PAGES_MAX)
			return -ENOMEM;
		pages[page_count].address = at;
		pages[page_count].entry = (u64)(page_count + 1) * PAGE_SIZE;
		pages[page_count++].bytes = calloc(1, PAGE_SIZE);
	}
	return 0;
}

u64 *page_entry(struct page_table table, u64 address, bool create)
{
	(void)table;
	(void)create;
	for (unsigned i = 0; i < page_count; i++)
		if (address - pages[i].address < PAGE_SIZE)
			return &pages[i].entry;
	return NULL;
}

void *phys_to_virt(u64 phys)
{
	return pages[phys / PAGE_SIZE - 1].bytes;
}

void vm_reset(void)
{
	while (page_count)
		free(pages[--page_count].bytes);
	area_count = 0;
}

u64 standin_areas(void)
{
	return area_count;
}

const u8 *standin_byte(u64 address)
{
	const u64 *entry = page_entry(kernel_table, address, false);

	return entry ? (const u8 *)phys_to_virt(*entry) + address % PAGE_SIZE : NULL;
}
