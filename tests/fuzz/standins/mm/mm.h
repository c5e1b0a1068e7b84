/* Stands in for kernel/mm/mm.h where the loader is built for the host: page tables in ordinary memory. */
#ifndef KERNEL_MM_H
#define KERNEL_MM_H

#include "lib/types.h"
#include "mm/layout.h"

#define PTE_ADDRESS 0x000ffffffffff000ull

struct page_table {
	u64 root;
};
extern struct page_table kernel_table;

void *phys_to_virt(u64 phys);
u64 *page_entry(struct page_table table, u64 address, bool create);

#endif
