/*
 * A run in memory: what run.json holds (schema entrybench-run/1), nothing that needs a machine or statistics. What each
 * object consists of stands in fields/OBJECT.def; model/fields.h has the rules for strings and numbers.
 */
#ifndef MODEL_RUN_H
#define MODEL_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "base/error.h"
#include "base/memory.h"
#include "model/fields.h"

#define RUN_SCHEMA "entrybench-run/1"
#define RUN_FILE   "run.json"

/* Of its numbers, in json_dumps(). */
#define RUN_PRECISION JSON_REAL_PRECISION(15)

enum machine_class {
	CLASS_SILICON,	     /* counts TSC cycles */
	CLASS_DETERMINISTIC, /* counts instructions */
};

/* "silicon", "deterministic"; "cycles", "instructions". A parse is false for any other name. */
const char *class_name(enum machine_class class);
const char *class_unit(enum machine_class class);
bool class_parse(const char *name, enum machine_class *class);

/* In order of gravity: a cell's status is the gravest of its boots'. */
enum cell_status { STATUS_OK, STATUS_SKIPPED, STATUS_FAILED, STATUS_TIMEOUT, STATUS_PANICKED };

const char *status_name(enum cell_status status);
bool status_parse(const char *name, enum cell_status *status);

/* A name and a value: features of a variant, mitigations of the host. */
struct pair {
	char *name, *value;
};

struct pairs {
	struct pair *at;
	size_t count;
};

void pairs_add(struct pairs *pairs, const char *name, const char *value);
const char *pairs_get(const struct pairs *pairs, const char *name); /* NULL: not there */

/* A name and what it costs. */
struct cost {
	char *name;
	double value;
};

struct costs {
	struct cost *at;
	size_t count;
};

void costs_add(struct costs *costs, const char *name, double value);
double costs_get(const struct costs *costs, const char *name); /* NAN: not there */

/* Something a reader must know. Names are a closed list: see flag_about() in model/flags.c. */
struct flag {
	char *name;
	uint64_t count;
	char *text;
};

struct flags {
	struct flag *at;
	size_t count;
};

void flags_add(struct flags *flags, const char *name, uint64_t count, const char *text);
const struct flag *flags_get(const struct flags *flags, const char *name); /* NULL: not set */

/* An estimate with its 95 % interval; all NAN where there is none. */
struct interval {
	double estimate, low, high;
};

/* A member for each line of fields/OBJECT.def. */
#include "model/fields_begin.h"

/* The single-shot windows of one boot, as read: the empty window is not taken off. */
struct quantiles {
#include "model/fields/quantiles.def"
};

/* What the harness costs in this boot, an iteration. */
struct controls {
#include "model/fields/controls.def"
};

/* How a guest's clock behaved. */
struct clock_facts {
#include "model/fields/clock.def"
};

/* One start of a machine, as seen by one cell: the replicate of every statistic. */
struct boot {
#include "model/fields/boot.def"
	bool saved; /* stands in the journal; in memory only */
};

/* Some of a cell's boots that lie together, apart from all others. */
struct run_level {
#include "model/fields/level.def"
};

/* What the boots of a cell say together: summary_fill() computes it. */
struct summary {
#include "model/fields/summary.def"
};

/* machine x variant x benchmark */
struct cell {
#include "model/fields/cell.def"
};

/* A machine as it was when the run began. */
struct run_machine {
#include "model/fields/machine.def"
};

/* The computer that the tool ran on. */
struct host_facts {
#include "model/fields/host.def"
};

/* What was asked for: enough for --resume to lay the same plan again. */
struct run_options {
#include "model/fields/options.def"
};

/* Which entrybench it was. */
struct tool {
#include "model/fields/tool.def"
};

struct run {
#include "model/fields/run.def"
	/* In memory only: */
	GHashTable *index;	/* cells by machine, variant and benchmark */
	GHashTable *references; /* model/reference.c's, of so many cells */
	size_t referenced;
};

#include "model/fields_end.h"

extern const struct shape run_shape, cell_shape, boot_shape, summary_shape, host_facts_shape,
    tool_shape, run_options_shape, run_machine_shape, quantiles_shape, controls_shape,
    clock_facts_shape, run_level_shape;

/* "Nothing known". A run is freed whole; what it owns goes with it. */
void run_init(struct run *run);
void run_free(struct run *run);

/* Append an item with nothing known. The pointer is good until the next one is added. */
struct cell *run_add_cell(struct run *run, const char *machine, const char *variant,
			  const char *bench);
struct run_machine *run_add_machine(struct run *run, const char *name);
struct boot *cell_add_boot(struct cell *cell, unsigned number); /* keeps boots ascending */
void cell_drop_boot(struct cell *cell, size_t index);

/* Cells that were not added by run_add_cell() are found only after this. */
void run_index_cell(struct run *run, size_t number);

/* NULL if there is none. */
struct cell *run_find_cell(const struct run *run, const char *machine, const char *variant,
			   const char *bench);
const struct run_machine *run_find_machine(const struct run *run, const char *name);

/* Replaces a string of the run by a copy of text. */
void run_set(char **string, const char *text);

/*
 * Reads DIR/run.json, and DIR/run.journal where the run did not end. 0, or -1 with one line in error; run is then empty.
 * Free with run_free().
 */
int run_load(struct run *run, const char *dir, struct error *error);

/* Writes DIR/run.json whole or not at all (new file, rename). 0, or -1 with one line in error. */
int run_save(const struct run *run, const char *dir, struct error *error);

#endif
