/* Sorted symbols, and phases in source order. */
#include "bill/symbols.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void symbols_add(struct symbols *symbols, uint64_t address, uint64_t size, const char *name)
{
	symbols->at = memory_grow(symbols->at, symbols->count, sizeof(*symbols->at));
	symbols->at[symbols->count++] = (struct symbol){address, size, memory_copy(name), false};
}

void symbols_add_phase(struct symbols *symbols, uint64_t address, const char *path,
		       const char *name)
{
	symbols->phases =
	    memory_grow(symbols->phases, symbols->phase_count, sizeof(*symbols->phases));
	symbols->phases[symbols->phase_count++] =
	    (struct phase){address, memory_copy(path), memory_copy(name)};
}

/* Of two at one address the larger comes last, and of two alike the one later in the alphabet: so runs agree. */
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
	if (symbols->count)
		qsort(symbols->at, symbols->count, sizeof(*symbols->at), compare);
}

void symbols_free(struct symbols *symbols)
{
	for (size_t i = 0; i < symbols->count; i++)
		free(symbols->at[i].name);
	for (size_t i = 0; i < symbols->phase_count; i++) {
		free(symbols->phases[i].path);
		free(symbols->phases[i].name);
	}
	free(symbols->at);
	free(symbols->phases);
	*symbols = (struct symbols){0};
}

const struct symbol *symbols_find(const struct symbols *symbols, uint64_t address)
{
	size_t low = 0, high = symbols->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols->at[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	/* A label inside a function does not end it: look below for one whose size reaches here. */
	for (size_t i = low; i-- > 0 && low - i <= 16;)
		if (!symbols->at[i].label && address - symbols->at[i].address < symbols->at[i].size)
			return &symbols->at[i];
	/* What was moved out of line belongs to what it follows. */
	while (low && symbols->at[low - 1].label && symbols->at[low - 1].size)
		low--;
	return low && (!symbols->end || address < symbols->end) ? &symbols->at[low - 1] : NULL;
}

const struct symbol *symbols_by_name(const struct symbols *symbols, const char *name)
{
	for (size_t i = 0; i < symbols->count; i++)
		if (strcmp(symbols->at[i].name, name) == 0)
			return &symbols->at[i];
	return NULL;
}

bool symbol_ends(const struct symbol *symbol, const char *ending)
{
	size_t length = strlen(symbol->name), cut = strlen(ending);

	return length >= cut && strcmp(symbol->name + length - cut, ending) == 0;
}

const struct phase *symbols_find_phase(const struct symbols *symbols, uint64_t address)
{
	const struct phase *best = NULL;

	if (address < symbols->entry_start || address >= symbols->entry_end)
		return NULL;
	/* Of phases at one address all but the last in the source are empty. */
	for (size_t i = 0; i < symbols->phase_count; i++) {
		const struct phase *phase = &symbols->phases[i];

		if (phase->address <= address && (!best || phase->address >= best->address))
			best = phase;
	}
	return best && strcmp(best->name, "end") != 0 ? best : NULL;
}
