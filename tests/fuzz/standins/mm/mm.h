/*
 * Stands in for kernel/mm/mm.h where the loader is built for the host: pages and page tables in
 * ordinary memory.
 */
#ifndef KERNEL_MM_H
#define KERNEL_MM_H

#include "lib/types.h"
#include "mm/layout.h"

#define PTE_ADDRESS 0x000ffffffffff000ull

u64 phys_free_pages(void);
u64 phys_total_pages(void);
void *phys_to_virt(u64 phys);

struct page_table {
	u64 root;
};
extern struct page_table kernel_table;
u64 *page_entry(struct page_table table, u64 address, bool create);

/* For the tests: what is mapped, and the byte at an address (NULL: no page there). */
u64 standin_areas(void);
const u8 *standin_byte(u64 address);

#endif
