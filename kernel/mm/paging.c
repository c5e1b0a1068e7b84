/*
 * Page tables: the kernel's own half, W^X and exact, and with KPTI the second table that ring 3
 * runs on.
 */
#include "boot/boot.h"
#include "cpu/cpu.h"
#include "entry/erase.h"
#include "entry/variant.h"
#include "lib/lib.h"
#include "mm/mm.h"

struct page_table kernel_table, user_table;
int paging_levels;

#define ENTRIES 512

static unsigned index_at(u64 address, int level)
{
	return address >> (12 + 9 * (level - 1)) & (ENTRIES - 1);
}

static bool is_user_address(u64 address)
{
	return address < USER_END;
}

/*
 * Entries of the top level that lie in ring 3's half stand in both tables of a KPTI pair; in the
 * kernel's they are NX, so that a kernel that forgot to switch could not run ring 3's code (what
 * SMEP does for CR4).
 */
static void set_top_entry(struct page_table table, u64 address, u64 *entry, u64 value)
{
	*entry = value;
	if (!is_user_address(address) || user_table.root == kernel_table.root)
		return;
	u64 offset = index_at(address, paging_levels) * sizeof(u64);
	(void)table;
	*(u64 *)phys_to_virt(user_table.root + offset) = value;
	*(u64 *)phys_to_virt(kernel_table.root + offset) = value | PTE_NX;
}

BIG_FRAME_BEGIN
u64 *page_entry(struct page_table table, u64 address, bool create)
{
	u64 *entries = phys_to_virt(table.root);
	stack_mark();
	for (int level = paging_levels; level > 1; level--) {
		u64 *entry = &entries[index_at(address, level)];
		if (!(*entry & PTE_PRESENT)) {
			u64 page = create ? phys_alloc() : 0;
			if (!page)
				return NULL;
			u64 value = page | PTE_PRESENT | PTE_WRITE |
				    (is_user_address(address) ? PTE_USER : 0);
			if (level == paging_levels)
				set_top_entry(table, address, entry, value);
			else
				*entry = value;
		}
		if (*entry & PTE_HUGE)
			return NULL;
		entries = phys_to_virt(*entry & PTE_ADDRESS);
	}
	return &entries[index_at(address, 1)];
}
BIG_FRAME_END

u64 *page_find(u64 address, u64 *span)
{
	u64 *entry, table = kernel_table.root;
	for (int level = paging_levels;; level--) {
		entry = (u64 *)phys_to_virt(table) + index_at(address, level);
		*span = (u64)PAGE_SIZE << 9 * (level - 1);
		if (level == 1)
			return entry;
		if (!(*entry & PTE_PRESENT))
			return NULL;
		table = *entry & PTE_ADDRESS;
	}
}

void map_kernel_page(struct page_table table, u64 address, u64 phys, u64 flags)
{
	u64 *entry = page_entry(table, address, true);
	if (!entry)
		panic(NULL, "out of memory for page tables");
	*entry = phys | flags;
}

void map_kernel_window(struct page_table table, u64 address, u64 entry)
{
	u64 *entries = phys_to_virt(table.root);
	/* with five levels all of the kernel's half lies below one entry, which is there */
	if (paging_levels == 5)
		entries = phys_to_virt(entries[index_at(address, 5)] & PTE_ADDRESS);
	entries[index_at(address, 4)] = entry;
}

static u64 global_flag(void)
{
	return entry_variant.kpti == KPTI_OFF ? PTE_GLOBAL : 0;
}

/* [start, end) of the image, at its own address. */
static void map_image(struct page_table table, const u8 *start, const u8 *end, u64 flags)
{
	for (const u8 *at = start; at < end; at += PAGE_SIZE)
		map_kernel_page(table, (u64)at, image_to_phys(at),
				flags | PTE_PRESENT | global_flag());
}

static void map_huge(u64 address, u64 phys)
{
	u64 *entries = phys_to_virt(kernel_table.root);
	for (int level = paging_levels; level > 2; level--) {
		u64 *entry = &entries[index_at(address, level)];
		if (!*entry) {
			u64 page = phys_alloc();
			if (!page)
				panic(NULL, "out of memory for the direct map");
			*entry = page | PTE_PRESENT | PTE_WRITE;
		}
		entries = phys_to_virt(*entry & PTE_ADDRESS);
	}
	entries[index_at(address, 2)] =
	    phys | PTE_PRESENT | PTE_WRITE | PTE_HUGE | PTE_NX | global_flag();
}

/* All usable RAM, but not the image: its code would be writable there. */
static void map_direct(u64 start, u64 end)
{
	u64 image = image_to_phys(kernel_start),
	    image_end = ALIGN_UP(image_to_phys(kernel_end), PAGE_SIZE);
	u64 flags = PTE_PRESENT | PTE_WRITE | PTE_NX | global_flag();
	for (u64 at = ALIGN_DOWN(start, PAGE_SIZE); at < end;) {
		bool touches_image = at < image_end && at + HUGE_PAGE_SIZE > image;
		if (!(at & (HUGE_PAGE_SIZE - 1)) && at + HUGE_PAGE_SIZE <= end && !touches_image) {
			map_huge(DIRECT_MAP + at, at);
			at += HUGE_PAGE_SIZE;
			continue;
		}
		if (at < image || at >= image_end)
			map_kernel_page(kernel_table, DIRECT_MAP + at, at, flags);
		at += PAGE_SIZE;
	}
}

BIG_FRAME_BEGIN /* boot stack */
void paging_init(void)
{
	paging_levels = read_cr4() & CR4_LA57 ? 5 : 4;
	kernel_table.root = phys_alloc_pair();
	if (!kernel_table.root)
		panic(NULL, "out of memory for page tables");
	user_table.root = kernel_table.root + (entry_variant.kpti == KPTI_OFF ? 0 : PAGE_SIZE);
	for (unsigned i = 0; i < boot_info.ram_count; i++) {
		u64 end = boot_info.ram[i].end < DIRECT_MAP_LIMIT ? boot_info.ram[i].end
								  : DIRECT_MAP_LIMIT;
		if (boot_info.ram[i].start < end)
			map_direct(boot_info.ram[i].start, end);
	}
	map_image(kernel_table, entry_text_start, entry_text_end, 0);
	map_image(kernel_table, entry_rodata_start, entry_rodata_start + ENTRY_RODATA_SIZE, PTE_NX);
	map_image(kernel_table, text_start, text_end, 0);
	map_image(kernel_table, rodata_start, rodata_end, PTE_NX);
	map_image(kernel_table, data_start, data_end, PTE_NX | PTE_WRITE);
	if (user_table.root != kernel_table.root)
		map_image(user_table, entry_text_start, entry_text_end, 0);
	write_cr3(kernel_table.root);
	if (entry_variant.kpti == KPTI_PCID && cpu.pcid) {
		write_cr4(read_cr4() |
			  CR4_PCIDE); /* CR3's low bits must be 0 here (SDM 3A 4.10.1) */
		write_cr3(kernel_table.root | PCID_KERNEL);
	}
}
BIG_FRAME_END

struct invpcid_descriptor {
	u64 pcid, address;
};

/*
 * With one table INVLPG is all. With two, ring 3's is entered by a CR3 write that flushes, unless
 * PCIDs keep its entries: then INVPCID drops this one from the address space that is not in use
 * here (SDM 2A "INVPCID", type 0).
 */
void flush_user_page(u64 address)
{
	__asm__ volatile("invlpg (%0)" : : "r"(address) : "memory");
	if (entry_variant.kpti == KPTI_PCID) {
		struct invpcid_descriptor user = {PCID_USER, address};
		__asm__ volatile("invpcid %0, %1" : : "m"(user), "r"(0ul) : "memory");
	}
}
