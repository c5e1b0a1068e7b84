/* eb_audit's walk of the page tables: it trusts nothing but CR3's format and what phys_to_virt() shows. */
#include "audit.h"
#include "erase.h"
#include "mm.h"
#include "syscall.h"

/* What one address maps to; size 0: nothing, and `next` is the first address that may have something. */
struct leaf {
	u64 phys, size, flags, next;
};

static u64 level_size(int level)
{
	return (u64)PAGE_SIZE << 9 * (level - 1);
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
		u64 entry = entries[address / size % (PAGE_SIZE / sizeof(u64))];
		leaf.next = ALIGN_DOWN(address, size) + size;
		if (!(entry & PTE_PRESENT))
			return leaf;
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
			range = (struct eb_range){start, leaf.size, leaf.phys, leaf.flags};
		} else if (leaf.size && at == range.start + range.size &&
			   leaf.phys == range.phys + range.size && leaf.flags == range.flags) {
			range.size += leaf.size;
		} else if (range.size) {
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
