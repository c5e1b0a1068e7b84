/* Reads the ranges out of the symbols that harness and core give their loops. */
#include "bill/clock.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* price_code.S: the clock is read before the label and behind it. */
#define RING0_START "price_time"
#define RING0_END   "price_done"

static void add(struct clock *clock, uint64_t start, uint64_t end, bool opens)
{
	clock->at = memory_grow(clock->at, clock->count, sizeof(*clock->at));
	clock->at[clock->count++] = (struct clock_range){start, end, opens};
}

/* Round `label`, which lies in `function`. */
static void add_both(struct clock *clock, const struct symbol *function, const struct symbol *label)
{
	add(clock, function->address, label->address, true);
	add(clock, label->address + label->size, function->address + function->size, false);
}

static void add_loop(struct clock *clock, const struct symbols *program,
		     const struct symbol *function)
{
	char *name = memory_format("%s.body", function->name);
	const struct symbol *body = symbols_by_name(program, name);

	if (body)
		add_both(clock, function, body);
	free(name);
}

void clock_find(struct clock *clock, const struct symbols *program, const struct symbols *kernel)
{
	const struct symbol *start = symbols_by_name(kernel, RING0_START);
	const struct symbol *end = symbols_by_name(kernel, RING0_END);

	*clock = (struct clock){0};
	for (size_t i = 0; i < program->count; i++)
		if (symbol_ends(&program->at[i], ".crossing") ||
		    symbol_ends(&program->at[i], ".bare"))
			add_loop(clock, program, &program->at[i]);
	if (clock->count == 0 && start && end)
		add_both(clock, start, end);
}

void clock_free(struct clock *clock)
{
	free(clock->at);
	*clock = (struct clock){0};
}
