/* Reads the ranges out of the symbols that harness and core give their loops. */
#include "bill/ledger.h"

/* cost_code.S: the clock is read before the label and behind it. */
#define RING0_START "cost_time"
#define RING0_END   "cost_done"

/* Round `label`, which lies in `function`. */
static void add(GString *text, const struct symbol *function, const struct symbol *label)
{
	g_string_append_printf(text, ",open=%" PRIx64 "-%" PRIx64 ",close=%" PRIx64 "-%" PRIx64,
			       function->address, label->address, label->address + label->size,
			       function->address + function->size);
}

char *clock_arguments(const struct symbols *program, const struct symbols *kernel)
{
	const struct symbol *start = symbols_by_name(kernel, RING0_START);
	const struct symbol *end = symbols_by_name(kernel, RING0_END);
	GString *text = g_string_new("");

	for (size_t i = 0; i < symbols_count(program); i++) {
		const struct symbol *loop = symbols_at(program, i), *body;
		g_autofree char *name = g_strdup_printf("%s.body", loop->name);

		if (!g_str_has_suffix(loop->name, ".crossing") &&
		    !g_str_has_suffix(loop->name, ".bare"))
			continue;
		body = symbols_by_name(program, name);
		if (body)
			add(text, loop, body);
	}
	if (!text->len && start && end)
		add(text, start, end);
	return g_string_free(text, false);
}
