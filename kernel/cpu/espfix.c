/*
 * ESPFIX64: the ministack, from which IRET goes to a stack segment of the LDT, and its aliases
 * (entry/ministack.h, docs/entry-paths.md). IRET leaves bits 31:16 of ESP as they are where that
 * segment has 16 bits; so the kernel's are made ring 3's before. The stack then lies wherever those
 * bits say: one page is mapped at all 65536 places that differ in them.
 */
#include "cpu/espfix.h"
#include "cpu/percpu.h"
#include "entry/variant.h"
#include "lib/lib.h"
#include "mm/mm.h"

/*
 * Seven words at most: rdi, orig_ax and IRET's frame. They lie at the end of the page, so that a
 * push hits the page itself.
 */
#define MINISTACK_SIZE (7 * sizeof(u64))

/* A page of its own: ring 3's table has the aliases, and nothing else may be there. */
static u8 ministack[PAGE_SIZE] __aligned(PAGE_SIZE);

/*
 * What an alias may be: never written, at any level of the table. Who writes goes by the image's
 * own mapping.
 */
#define ALIAS_RIGHTS (PTE_PRESENT | PTE_NX)

#define TABLE_ENTRIES	 (PAGE_SIZE / sizeof(u64))
#define PAGES_IN_STRIDE	 (ESPFIX_STRIDE / PAGE_SIZE)
#define ALIASES_IN_TABLE (TABLE_ENTRIES / PAGES_IN_STRIDE)
#define GIB		 (1ul << 30) /* what an entry of level 3 maps */

/* A table that has `entry` `count` times, in every `step`th place; its physical address. */
static u64 table_of(u64 entry, unsigned count, unsigned step)
{
	u64 table = phys_alloc();
	if (!table)
		panic(NULL, "out of memory for page tables");
	u64 *entries = phys_to_virt(table);
	for (unsigned i = 0; i < count; i++)
		entries[i * step] = entry;
	return table;
}

/* All aliases are alike, so three tables do for all: 2 MiB, 1 GiB, 4 GiB. */
void espfix_init(void)
{
	if (!entry_variant.espfix)
		return;
	u64 global = entry_variant.kpti == KPTI_OFF ? PTE_GLOBAL : 0;
	u64 page = image_to_phys(ministack) | ALIAS_RIGHTS | global;
	u64 pages = table_of(page, ALIASES_IN_TABLE, PAGES_IN_STRIDE) | ALIAS_RIGHTS;
	u64 tables = table_of(pages, TABLE_ENTRIES, 1) | ALIAS_RIGHTS;
	u64 window = table_of(tables, ESPFIX_SIZE / GIB, 1) | ALIAS_RIGHTS;
	map_kernel_window(kernel_table, ESPFIX_BASE, window);
	if (user_table.root != kernel_table.root)
		map_kernel_window(user_table, ESPFIX_BASE, window);
	this_cpu->ministack = (u64)ministack + PAGE_SIZE - MINISTACK_SIZE;
	this_cpu->ministack_alias = ESPFIX_BASE + PAGE_SIZE - MINISTACK_SIZE;
}
