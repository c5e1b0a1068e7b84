/* Sorted symbols, and phases in source order. */
#include "bill/ledger.h"

static void clear_symbol(void *symbol)
{
	g_free(((struct symbol *)symbol)->name);
}

static void clear_phase(void *phase)
{
	g_free(((struct phase *)phase)->path);
	g_free(((struct phase *)phase)->name);
}

void symbols_add(struct symbols *symbols, uint64_t address, uint64_t size, const char *name,
		 bool label)
{
	struct symbol symbol = {address, size, g_strdup(name), label};

	if (!symbols->all) {
		symbols->all = g_array_new(false, false, sizeof(symbol));
		g_array_set_clear_func(symbols->all, clear_symbol);
	}
	g_array_append_val(symbols->all, symbol);
}

void symbols_add_phase(struct symbols *symbols, uint64_t address, const char *path,
		       const char *name)
{
	struct phase phase = {address, g_strdup(path), g_strdup(name)};

	if (!symbols->phases) {
		symbols->phases = g_array_new(false, false, sizeof(phase));
		g_array_set_clear_func(symbols->phases, clear_phase);
	}
	g_array_append_val(symbols->phases, phase);
}

size_t symbols_count(const struct symbols *symbols)
{
	return symbols->all ? symbols->all->len : 0;
}

const struct symbol *symbols_at(const struct symbols *symbols, size_t index)
{
	return &g_array_index(symbols->all, struct symbol, index);
}

/*
 * At one address the larger symbol sorts last, then the later name, so that every run picks the
 * same one.
 */
static int compare(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	if (x->size != y->size)
		return x->size < y->size ? -1 : 1;
	return strcmp(x->name, y->name);
}

void symbols_sort(struct symbols *symbols)
{
	if (symbols->all)
		g_array_sort(symbols->all, compare);
}

void symbols_free(struct symbols *symbols)
{
	g_clear_pointer(&symbols->all, g_array_unref);
	g_clear_pointer(&symbols->phases, g_array_unref);
}

const struct symbol *symbols_find(const struct symbols *symbols, uint64_t address)
{
	size_t low = 0, high = symbols_count(symbols);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols_at(symbols, middle)->address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	/* A label inside a function does not end it: look below for one whose size reaches here. */
	for (size_t i = low; i-- > 0 && low - i <= 16;) {
		const struct symbol *symbol = symbols_at(symbols, i);

		if (!symbol->label && address - symbol->address < symbol->size)
			return symbol;
	}
	/* What was moved out of line belongs to what it follows. */
	while (low && symbols_at(symbols, low - 1)->label && symbols_at(symbols, low - 1)->size)
		low--;
	return low && (!symbols->end || address < symbols->end) ? symbols_at(symbols, low - 1)
								: NULL;
}

const struct symbol *symbols_by_name(const struct symbols *symbols, const char *name)
{
	for (size_t i = 0; i < symbols_count(symbols); i++)
		if (strcmp(symbols_at(symbols, i)->name, name) == 0)
			return symbols_at(symbols, i);
	return NULL;
}

const struct phase *symbols_find_phase(const struct symbols *symbols, uint64_t address)
{
	const struct phase *best = NULL;

	if (!symbols->phases || address < symbols->entry_start || address >= symbols->entry_end)
		return NULL;
	/* Of phases at one address all but the last in the source are empty. */
	for (size_t i = 0; i < symbols->phases->len; i++) {
		const struct phase *phase = &g_array_index(symbols->phases, struct phase, i);

		if (phase->address <= address && (!best || phase->address >= best->address))
			best = phase;
	}
	return best && strcmp(best->name, "end") != 0 ? best : NULL;
}
