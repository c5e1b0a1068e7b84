/* Physical pages: handed out upwards from the loader's memory map, taken back on a list. */
#include "boot/boot.h"
#include "lib/lib.h"
#include "mm/mm.h"

#define LOW_MEMORY 0x100000 /* the first MiB belongs to firmware and loader */

static unsigned region; /* which of boot_info.ram comes next, and where in it */
static u64 next;
static u64 free_list; /* physical address of the first free page, which holds the next one's */
static u64 free_count;

static void enter_region(void)
{
	if (region >= boot_info.ram_count)
		return;
	next = ALIGN_UP(boot_info.ram[region].start, PAGE_SIZE);
	if (next < LOW_MEMORY)
		next = LOW_MEMORY;
}

void phys_init(void)
{
	region = 0;
	enter_region();
}

/* If `page` lies in something that is in use, the first page behind that, else `page`. */
static u64 skip_reserved(u64 page)
{
	u64 image_end = ALIGN_UP(image_to_phys(kernel_end), PAGE_SIZE);
	u64 initrd = ALIGN_DOWN(boot_info.initrd_start, PAGE_SIZE);
	u64 initrd_end = ALIGN_UP(boot_info.initrd_start + boot_info.initrd_size, PAGE_SIZE);
	if (page >= image_to_phys(kernel_start) && page < image_end)
		return image_end;
	if (page >= initrd && page < initrd_end)
		return initrd_end;
	return page;
}

/* The next page never handed out yet, or 0. */
static u64 fresh_page(void)
{
	while (region < boot_info.ram_count) {
		u64 end = boot_info.ram[region].end;
		u64 page = skip_reserved(next);
		while (page != next) {
			next = page;
			page = skip_reserved(next);
		}
		if (next + PAGE_SIZE <= end && next + PAGE_SIZE <= DIRECT_MAP_LIMIT) {
			next += PAGE_SIZE;
			return page;
		}
		region++;
		enter_region();
	}
	return 0;
}

u64 phys_alloc(void)
{
	u64 page = free_list;
	if (page) {
		free_list = *(u64 *)phys_to_virt(page);
		free_count--;
	} else {
		page = fresh_page();
	}
	if (page)
		memset(phys_to_virt(page), 0, PAGE_SIZE);
	return page;
}

u64 phys_alloc_pair(void)
{
	u64 first = fresh_page();
	while (first) {
		u64 second = fresh_page();
		if (!(first & PAGE_SIZE) && second == first + PAGE_SIZE) {
			memset(phys_to_virt(first), 0, 2 * PAGE_SIZE);
			return first;
		}
		phys_free(first);
		first = second;
	}
	return 0;
}

void phys_free(u64 page)
{
	*(u64 *)phys_to_virt(page) = free_list;
	free_list = page;
	free_count++;
}

u64 phys_free_pages(void)
{
	u64 count = free_count;
	for (unsigned i = region; i < boot_info.ram_count; i++) {
		u64 start = i == region ? next : boot_info.ram[i].start;
		u64 end = boot_info.ram[i].end < DIRECT_MAP_LIMIT ? boot_info.ram[i].end
								  : DIRECT_MAP_LIMIT;
		if (start < end)
			count += (end - start) / PAGE_SIZE;
	}
	return count;
}

u64 phys_total_pages(void)
{
	u64 count = 0;
	for (unsigned i = 0; i < boot_info.ram_count; i++)
		count += (boot_info.ram[i].end - boot_info.ram[i].start) / PAGE_SIZE;
	return count;
}
