/*
 * eb_audit's walk of the page tables: it trusts nothing but CR3's format and what phys_to_virt()
 * shows.
 */
#include "audit/audit.h"
#include "entry/erase.h"
#include "mm/mm.h"
#include "syscall/syscall.h"

#define TABLE_ENTRIES (PAGE_SIZE / sizeof(u64))

/*
 * What one address maps to; size 0: nothing, and `next` is the first address that may have
 * something.
 */
struct leaf {
	u64 phys, size, flags, next;
};

static u64 level_size(int level)
{
	return (u64)PAGE_SIZE << 9 * (level - 1);
}

/*
 * Behind the page at `address`, which is not there: the next one that is, or the end of its table.
 */
static u64 next_present(const u64 *entries, u64 address)
{
	do
		address += PAGE_SIZE;
	while (address % level_size(2) &&
	       !(entries[address / PAGE_SIZE % TABLE_ENTRIES] & PTE_PRESENT));
	return address;
}

/* `address` in canonical form, after an increment may have run into the hole. */
static u64 canonical(u64 address)
{
	int unused = 64 - (12 + 9 * paging_levels);
	u64 extended = (u64)((s64)(address << unused) >> unused);
	return extended == address || address > (u64)INT64_MAX ? address : extended;
}

BIG_FRAME_BEGIN
static struct leaf look_up(u64 root, u64 address)
{
	struct leaf leaf = {.flags = EB_RANGE_WRITE | EB_RANGE_EXEC | EB_RANGE_USER};
	const u64 *entries = phys_to_virt(root);
	stack_mark();
	for (int level = paging_levels;; level--) {
		u64 size = level_size(level);
		u64 entry = entries[address / size % TABLE_ENTRIES];
		leaf.next = ALIGN_DOWN(address, size) + size;
		if (!(entry & PTE_PRESENT)) {
			if (level == 1)
				leaf.next = next_present(entries, ALIGN_DOWN(address, size));
			return leaf;
		}
		if (!(entry & PTE_WRITE))
			leaf.flags &= ~EB_RANGE_WRITE;
		if (!(entry & PTE_USER))
			leaf.flags &= ~EB_RANGE_USER;
		if (entry & PTE_NX)
			leaf.flags &= ~EB_RANGE_EXEC;
		if (level == 1 || entry & PTE_HUGE) {
			leaf.size = size;
			leaf.phys = ALIGN_DOWN(entry & PTE_ADDRESS, size);
			leaf.flags |= entry & PTE_GLOBAL ? EB_RANGE_GLOBAL : 0;
			return leaf;
		}
		entries = phys_to_virt(entry & PTE_ADDRESS);
	}
}

/* Whether the leaf goes on with the range, or is the same page once more. */
static bool joins(struct eb_range *range, const struct leaf *leaf, u64 at)
{
	if (leaf->flags != range->flags)
		return false;
	if (!range->repeats && at == range->start + range->size &&
	    leaf->phys == range->phys + range->size) {
		range->size += leaf->size;
		return true;
	}
	if (leaf->phys != range->phys || leaf->size != range->size)
		return false;
	if (!range->repeats)
		range->stride = at - range->start;
	if (at != range->start + (range->repeats + 1) * range->stride)
		return false;
	range->repeats++;
	return true;
}

s64 audit_range(u64 table, u64 from, u64 to)
{
	static struct eb_range range;
	u64 root = table == EB_TABLE_USER ? user_table.root : kernel_table.root;
	struct leaf leaf;
	stack_mark();
	range.size = 0;
	for (u64 at = from;; at = canonical(leaf.next)) {
		leaf = look_up(root, at);
		if (leaf.size && !range.size) {
			u64 start = leaf.next - leaf.size;
			range = (struct eb_range){start, leaf.size, leaf.phys, leaf.flags, 0, 0};
		} else if (leaf.size && !joins(&range, &leaf, at)) {
			break;
		}
		if (canonical(leaf.next) <= at)
			break; /* round the end of the address space */
	}
	if (!range.size)
		return 0;
	return copy_to_user(to, &range, sizeof(range)) ? 1 : -EFAULT;
}
BIG_FRAME_END
