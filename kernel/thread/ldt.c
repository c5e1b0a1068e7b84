/*
 * The program's LDT, and modify_ldt by which it writes it. Its pages lie beside the CPU entry area,
 * read-only, and ring 3's page table has them too: the CPU reads descriptors in ring 3. A program
 * that never asks has none.
 */
#include "cpu/percpu.h"
#include "entry/variant.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "thread/ldt.h"
#include "thread/user_desc.h"
#include "thread/segments.h"

#define LDT_ENTRIES	 8192
#define ENTRIES_PER_PAGE (PAGE_SIZE / sizeof(u64))
#define LDT_PAGES	 (LDT_ENTRIES / ENTRIES_PER_PAGE)

static u64 pages[LDT_PAGES]; /* physical; 0: none yet */
static u32 entries;	     /* up to here the CPU looks */

static void map_page(unsigned page)
{
	u64 address = LDT_BASE + page * PAGE_SIZE;
	u64 global = entry_variant.kpti == KPTI_OFF ? PTE_GLOBAL : 0;
	map_kernel_page(kernel_table, address, pages[page], PTE_PRESENT | PTE_NX | global);
	if (user_table.root != kernel_table.root)
		map_kernel_page(user_table, address, pages[page], PTE_PRESENT | PTE_NX);
}

static void unmap_page(unsigned page)
{
	u64 address = LDT_BASE + page * PAGE_SIZE;
	*page_entry(kernel_table, address, false) = 0;
	if (user_table.root != kernel_table.root)
		*page_entry(user_table, address, false) = 0;
	flush_user_page(address);
	phys_free(pages[page]);
	pages[page] = 0;
}

/* Before each program. */
void ldt_reset(void)
{
	cpu_set_ldt(LDT_BASE, 0);
	entries = 0;
	for (unsigned page = 0; page < LDT_PAGES; page++)
		if (pages[page])
			unmap_page(page);
}

/* Every page below the one that is wanted must be there: the CPU looks at all of them. */
static bool make_room(u32 index)
{
	for (unsigned page = 0; page <= index / ENTRIES_PER_PAGE; page++) {
		if (pages[page])
			continue;
		pages[page] = phys_alloc();
		if (!pages[page])
			return false;
		map_page(page);
	}
	if (index >= entries) {
		entries = index + 1;
		cpu_set_ldt(LDT_BASE, entries * sizeof(u64));
	}
	return true;
}

static s64 write(u64 from, u64 size, bool old)
{
	static struct user_desc desc;
	if (size != sizeof(desc))
		return -EINVAL;
	if (!copy_from_user(&desc, from, sizeof(desc)))
		return -EFAULT;
	if (desc.index >= LDT_ENTRIES)
		return -EINVAL;
	if (desc.contents == 3 && (old || !desc.seg_not_present))
		return -EINVAL; /* conforming code would run with ring 0's rights */
	if (old)
		desc.useable = 0;
	if (!make_room(desc.index))
		return -ENOMEM;
	u64 *page = phys_to_virt(pages[desc.index / ENTRIES_PER_PAGE]);
	bool empty =
	    old ? user_desc_is_zero(&desc) || user_desc_is_empty(&desc) : user_desc_is_empty(&desc);
	page[desc.index % ENTRIES_PER_PAGE] = empty ? 0 : user_desc_descriptor(&desc);
	segments_refresh();
	return 0;
}

static s64 read(u64 to, u64 size)
{
	u64 used = entries * sizeof(u64);
	if (!entries)
		return 0;
	if (size > LDT_ENTRIES * sizeof(u64))
		size = LDT_ENTRIES * sizeof(u64);
	if (used > size)
		used = size;
	if (!copy_to_user(to, (void *)LDT_BASE, used) ||
	    clear_user_upto(to + used, size - used) < size - used)
		return -EFAULT;
	return size;
}

#define DEFAULT_SIZE 128

static s64 read_default(u64 to, u64 size)
{
	if (size > DEFAULT_SIZE)
		size = DEFAULT_SIZE;
	return clear_user_upto(to, size) == size ? (s64)size : -EFAULT;
}

enum { LDT_READ = 0, LDT_WRITE_OLD = 1, LDT_READ_DEFAULT = 2, LDT_WRITE = 0x11 };

/* Its results are 32 bits wide, those below zero as well: so it has always been on Linux. */
s64 sys_modify_ldt(const struct syscall_args *regs)
{
	s64 result = -ENOSYS;
	switch ((u32)regs->di) {
	case LDT_READ:
		result = read(regs->si, regs->dx);
		break;
	case LDT_WRITE_OLD:
		result = write(regs->si, regs->dx, true);
		break;
	case LDT_READ_DEFAULT:
		result = read_default(regs->si, regs->dx);
		break;
	case LDT_WRITE:
		result = write(regs->si, regs->dx, false);
		break;
	}
	return (u32)result;
}
