/* Names for addresses: symbols, and the phases of the entry paths. */
#ifndef BILL_SYMBOLS_H
#define BILL_SYMBOLS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct symbol {
	uint64_t address;
	uint64_t size; /* 0: unknown, it reaches to the next symbol */
	char *name;
	bool label; /* not a function: it may lie in one */
};

/*
 * A row of the image's phase table: from its address on this phase runs; name "end" closes the
 * path.
 */
struct phase {
	uint64_t address;
	char *path, *name;
};

struct symbols {
	GArray *all;	/* struct symbol, ascending by address once sorted; NULL: none */
	GArray *phases; /* struct phase, in the order of the source; NULL: none */
	uint64_t end;	/* of the code; 0: unknown */
	uint64_t entry_start, entry_end; /* the section that phases are in; both 0: none */
};

void symbols_add(struct symbols *symbols, uint64_t address, uint64_t size, const char *name,
		 bool label);
void symbols_add_phase(struct symbols *symbols, uint64_t address, const char *path,
		       const char *name);

size_t symbols_count(const struct symbols *symbols);
const struct symbol *symbols_at(const struct symbols *symbols, size_t index);

/* Once all are there, before the first question. */
void symbols_sort(struct symbols *symbols);
void symbols_free(struct symbols *symbols);

/*
 * The function that holds the address: one of known size round it, else the nearest symbol below.
 * NULL: none is below, or the address is behind all code.
 */
const struct symbol *symbols_find(const struct symbols *symbols, uint64_t address);

/* NULL: there is none of that name. */
const struct symbol *symbols_by_name(const struct symbols *symbols, const char *name);

/* The phase that the address belongs to; NULL where no path claims it. */
const struct phase *symbols_find_phase(const struct symbols *symbols, uint64_t address);

/*
 * Adds the functions of an ELF file, and its phases where it has some
 * (kernel/entry/phase.h). Not sorted yet. 0, or -1 with one line in error.
 */
int symbols_read_elf(struct symbols *symbols, const char *path, struct error *error);

#endif
