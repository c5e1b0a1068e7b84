/*
 * The bill of a whole program: every instruction from its start to its end, by way into the kernel,
 * from the census that the plugin of tools/ledger/ takes (docs/ledger.md).
 */
#ifndef BILL_CENSUS_H
#define BILL_CENSUS_H

#include <jansson.h>
#include <stdio.h>

#include "bill/symbols.h"
#include "model/run.h"
#include "table/table.h"

/* Instructions of one function on one way. */
struct census_line {
	const char *part; /* a phase of the entry path, or CENSUS_WORK */
	const char *symbol;
	double count;
};

#define CENSUS_RING3 "ring 3"
#define CENSUS_WORK  "own work"
#define CENSUS_START "start" /* what the kernel does before the program runs */

/* A system call by its name, an exception, an interrupt, or ring 3 itself. */
struct census_way {
	char *name;
	double crossings; /* 0: ring 3 */
	double path,
	    work; /* instructions: entry and exit path with the dispatcher; what it asked for */
	GArray *lines; /* struct census_line */
};

struct census {
	const char *machine, *variant, *program; /* borrowed */
	bool safe;
	char cpu[100];
	GPtrArray *ways; /* struct census_way, by cost */
	double ring3, kernel, crossings, signals;
	double idle;  /* ticks that the CPU waited */
	double total; /* ticks, as the clock reported */
	struct symbols kernel_symbols, program_symbols;
};

/*
 * What the kernel said of the program's end: ticks from its start to its end, and those spent
 * waiting.
 */
struct census_clock {
	double ticks, idle;
};

void census_init(struct census *census);
void census_free(struct census *census);

/*
 * The plugin's arguments, ",clock=..." (docs/ledger.md). NULL with error: the kernel lacks what it
 * takes. Free it.
 */
char *census_arguments(const struct symbols *kernel, struct error *error);

/*
 * Reads what the plugin wrote; the symbols are there and sorted. 0; or -1 with error: it is no
 * census, or it does not sum to what the clock says.
 */
int census_read(struct census *census, const char *path, struct census_clock clock,
		struct error *error);

/* One variant's ways, or those of several side by side. */
void census_print(FILE *out, const struct census *censuses, size_t count, bool quiet);
json_t *census_json(const struct census *censuses, size_t count);

/* "variant;way;part;function COUNT", one line a function. */
void census_write_folded(FILE *out, const struct census *census);

#endif
