/* Which bytes of kernel stacks a bill's steps touched. */
#include "bill/bill.h"

#define PAGE 4096u

/* A page of the kernel's that was touched. */
struct page {
	bool stack; /* by a push or a pop of an instruction or the CPU */
	bool touched[PAGE];
};

static struct page *page_of(GHashTable *pages, uint64_t number)
{
	struct page *page = g_hash_table_lookup(pages, &number);

	if (!page) {
		page = g_new0(struct page, 1);
		g_hash_table_insert(pages, g_memdup2(&number, sizeof(number)), page);
	}
	return page;
}

static void touch(GHashTable *pages, uint64_t first, uint64_t size, bool stack)
{
	for (uint64_t at = first; at < first + size && (int64_t)at < 0; at++) {
		struct page *page = page_of(pages, at / PAGE);

		page->touched[at % PAGE] = true;
		page->stack |= stack;
	}
}

static bool is_of_stack(const struct ledger_insn *insn, const struct ledger_access *access)
{
	if (access->store)
		return insn->push;
	return insn->pop || (insn->pop_frame && access->size == 8);
}

/* Or a page right below one, and so on. */
static bool is_stack_page(GHashTable *pages, uint64_t number)
{
	const struct page *page;

	while ((page = g_hash_table_lookup(pages, &number))) {
		if (page->stack)
			return true;
		number++;
	}
	return false;
}

uint64_t bill_stack_bytes(const struct bill *bill)
{
	g_autoptr(GHashTable) pages =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	GHashTableIter iter;
	uint64_t *number, bytes = 0;
	struct page *page;

	for (size_t i = 0; i < bill->steps->len; i++) {
		const struct bill_step *step = &g_array_index(bill->steps, struct bill_step, i);

		if (step->sign < 0)
			continue;
		for (size_t k = 0; k < step->access_count; k++)
			touch(pages, step->accesses[k].address, step->accesses[k].size,
			      is_of_stack(step->insn, &step->accesses[k]));
		touch(pages, step->frame.first, step->frame.size, true);
	}
	g_hash_table_iter_init(&iter, pages);
	while (g_hash_table_iter_next(&iter, (void **)&number, (void **)&page))
		for (size_t i = 0; i < PAGE && is_stack_page(pages, *number); i++)
			bytes += page->touched[i];
	return bytes;
}
