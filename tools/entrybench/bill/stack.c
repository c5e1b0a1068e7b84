/* Which bytes of kernel stacks a bill's steps touched: the union of all accesses to stack pages. */
#include <stdlib.h>

#include "bill/bill.h"
#include "bill/opcode.h"
#include "base/memory.h"

#define PAGE 4096u

struct touch {
	uint64_t first, end; /* bytes, within one page */
	bool stack;	     /* a push or a pop, by an instruction or the CPU */
};

struct touches {
	struct touch *at;
	size_t count;
};

static uint64_t page_of(uint64_t address)
{
	return address / PAGE;
}

static void touches_add(struct touches *touches, uint64_t first, uint64_t end, bool stack)
{
	touches->at = memory_grow(touches->at, touches->count, sizeof(*touches->at));
	touches->at[touches->count++] = (struct touch){first, end, stack};
}

/* What crosses a page in two pieces; only kernel addresses. */
static void touches_add_both(struct touches *touches, uint64_t first, uint64_t size, bool stack)
{
	uint64_t end = first + size, edge = (page_of(first) + 1) * PAGE;

	if ((int64_t)first >= 0)
		return;
	touches_add(touches, first, end < edge ? end : edge, stack);
	if (end > edge)
		touches_add(touches, edge, end, stack);
}

static bool is_of_stack(const struct opcode *opcode, const struct ledger_access *access)
{
	if (access->store)
		return opcode->push;
	return opcode->pop || (opcode->pop_frame && access->size == 8);
}

static void touches_collect(struct touches *touches, const struct bill *bill)
{
	for (size_t i = 0; i < bill->step_count; i++) {
		const struct bill_step *step = &bill->steps[i];
		struct opcode opcode = {0};

		if (step->sign < 0)
			continue;
		if (step->insn)
			opcode = opcode_of(step->insn->bytes, step->insn->size);
		for (size_t k = 0; k < step->access_count; k++)
			touches_add_both(touches, step->accesses[k].address, step->accesses[k].size,
					 is_of_stack(&opcode, &step->accesses[k]));
		if (step->frame.size)
			touches_add_both(touches, step->frame.first, step->frame.size, true);
	}
}

static int compare(const void *a, const void *b)
{
	const struct touch *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return (x->end > y->end) - (x->end < y->end);
}

/* Bytes of sorted touches; one touched twice counts once. */
static uint64_t union_size(const struct touch *touch, size_t count)
{
	uint64_t size = 0, reached = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t from = touch[i].first > reached ? touch[i].first : reached;

		if (touch[i].end <= from)
			continue;
		size += touch[i].end - from;
		reached = touch[i].end;
	}
	return size;
}

uint64_t bill_stack_bytes(const struct bill *bill)
{
	struct touches touches = {0};
	uint64_t bytes = 0, page_above = 0;
	bool stack_above = false;
	size_t start;

	touches_collect(&touches, bill);
	if (touches.count)
		qsort(touches.at, touches.count, sizeof(*touches.at), compare);
	/* A page at a time, downwards. */
	for (size_t end = touches.count; end > 0; end = start) {
		uint64_t page = page_of(touches.at[end - 1].first);
		bool stack = stack_above && page + 1 == page_above;

		for (start = end; start > 0 && page_of(touches.at[start - 1].first) == page;
		     start--)
			stack |= touches.at[start - 1].stack;
		if (stack)
			bytes += union_size(touches.at + start, end - start);
		stack_above = stack;
		page_above = page;
	}
	free(touches.at);
	return bytes;
}
