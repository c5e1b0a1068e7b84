/* Stands in for kernel/include/mm.h where the loader is built for the host: an address space in ordinary memory. */
#ifndef KERNEL_MM_H
#define KERNEL_MM_H

#include "../../../kernel/include/layout.h"
#include "../../../kernel/include/types.h"

#define PTE_ADDRESS 0x000ffffffffff000ull

struct page_table {
	u64 root;
};
extern struct page_table kernel_table;

void *phys_to_virt(u64 phys);
u64 *page_entry(struct page_table table, u64 address, bool create);

enum vm_prot { VM_READ = 1, VM_WRITE = 2, VM_EXEC = 4 };
s64 vm_map(u64 start, u64 length, u32 prot);
s64 vm_populate(u64 start, u64 length);
void vm_reset(void);

/* For the tests: what is mapped, and the byte at an address (NULL: no page there). */
u64 standin_areas(void);
const u8 *standin_byte(u64 address);

#endif
