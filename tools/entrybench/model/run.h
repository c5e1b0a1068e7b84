/*
 * A run in memory: what run.json holds (schema entrybench-run/1), nothing that needs a machine or
 * statistics.
 *
 * Strings are owned by the run, never NULL ("" where there is nothing) unless a comment says
 * otherwise. A number that was not measured is NAN in memory and null in JSON. Costs are in the
 * cell's unit.
 */
#ifndef MODEL_RUN_H
#define MODEL_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"

#define RUN_SCHEMA "entrybench-run/1"
#define RUN_FILE   "run.json"

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

/* The single-shot windows of one boot, as read: the empty window is not taken off. */
struct quantiles {
	uint64_t n; /* 0: none were taken */
	int64_t min, p50, p90, p99, p999, max;
};

/* What the harness costs in this boot, an iteration (empty_window: the median window). */
struct controls {
	double empty_window, function_call, empty_loop, twin, bare;
};

/* How a guest's clock behaved. */
struct clock_facts {
	double step, min;
	uint64_t backwards;
};

/* One start of a machine, as seen by one cell: the replicate of every statistic. */
struct boot {
	unsigned boot; /* number of the boot, from 0, within machine and variant */
	enum cell_status status;
	char *reason;
	double round_trip;     /* D(crossing) - D(bare), T the minimum (docs/records.md) */
	double round_trip_p10; /* the same with T the 10th percentile */
	double
	    over_reference; /* D(crossing) - D(reference), the reference case timed in turn with it */
	double core_cycles; /* round_trip in cycles of the core, by a chain of dependent adds */
	double
	    shared; /* by what part of itself more time independent adds took than in the machine's calmest boot */
	struct quantiles window;
	struct controls controls;
	struct clock_facts clock;
	double exit_status; /* the program's; NAN: a signal ended it, or nobody said how it ended */
	char *signal;	    /* name of the signal that ended it; "": none */
	struct costs loops; /* D of whatever else the program timed, by name */
	struct pairs counts; /* `count` records: decimal numbers */
	struct flags flags;
	char *log;     /* console of the guest, path within the results folder */
	char *samples; /* histogram of the windows, lines "value,count", path within the folder */
};

/* Filled by stats/ (summary_fill), from the boots alone. */
struct summary {
	struct interval round_trip;
	struct interval core_cycles; /* the same in cycles of the core; NAN where none were told */
	size_t boots_used;	     /* of the boots, for both */
	bool calm; /* all of these had the core to themselves as far as they could tell */
	struct interval vs_reference; /* this cell minus its reference */
	double p_value;		      /* Mann-Whitney, of that difference */
	char *verdict;		      /* "", "faster", "slower", "same", "inconclusive", ... */
};

/* machine x variant x benchmark */
struct cell {
	char *machine;
	enum machine_class class;
	char *variant;
	struct pairs features;
	bool safe;	      /* false: for measurement only, say so wherever it shows */
	char *bench;	      /* NAME or NAME:PARAM */
	char *reference_case; /* the benchmark's own reference NAME:PARAM; "": the variant's */
	enum cell_status status;
	char *reason;
	unsigned boots_wanted;
	struct boot *boots; /* ascending by number; not necessarily all, not necessarily ok */
	size_t boot_count;
	struct flags flags; /* of the boots together */
	struct summary summary;
};

/* A machine as it was when the run began. */
struct run_machine {
	char *name;
	enum machine_class class;
	bool available;
	char *reason;	/* why not available */
	char *cpu;	/* as the guest's CPUID names it; "" if it was never started */
	char *features; /* comma list of the boot record */
	char *program;	/* what ran the guest, with its version */
};

struct host_facts {
	char *cpu, *microcode, *kernel, *governor;
	double tsc_hz; /* NAN: unknown */
	unsigned cpus;
	char *smt; /* "on", "off", "notsupported", ... as sysfs says; "" unknown */
	struct pairs mitigations;
};

/* What was asked for: enough for --resume to lay the same plan again. */
struct run_options {
	struct strings machines, variants, benches; /* as given; empty: the default choice */
	unsigned boots;				    /* 0: the class's default */
	uint64_t windows;			    /* 0: the class's default */
	double timeout;				    /* seconds a boot; 0: default */
	struct strings qemu_args;
	struct strings events;	       /* lists for -e, as given */
	struct strings kernels, lines; /* of machine linux: FILE[=NAME], kernel lines */
	struct strings program;	       /* to be run in place of the benchmarks, and its arguments */
};

struct run {
	char *version, *git;
	char *started, *finished; /* ISO 8601, UTC; finished "": interrupted, or still going */
	struct strings command;
	uint64_t seed;
	char *reference; /* the variant that others are compared with */
	struct host_facts host;
	struct run_options options;
	struct run_machine *machines;
	size_t machine_count;
	struct cell *cells;
	size_t cell_count;
};

/* Zeroes everything to "nothing known": empty strings, NAN. */
void run_init(struct run *run);
void run_free(struct run *run);

/* Append an item with nothing known. The pointer is good until the next one is added. */
struct cell *run_add_cell(struct run *run, const char *machine, const char *variant,
			  const char *bench);
struct run_machine *run_add_machine(struct run *run, const char *name);
struct boot *cell_add_boot(struct cell *cell, unsigned number); /* keeps boots ascending */
void cell_drop_boot(struct cell *cell, size_t index);

/* NULL if there is none. */
struct cell *run_find_cell(const struct run *run, const char *machine, const char *variant,
			   const char *bench);
const struct run_machine *run_find_machine(const struct run *run, const char *name);

/* What this cell is compared with: its reference case, else the reference variant. NULL: nothing.
 */
const struct cell *run_reference_of(const struct run *run, const struct cell *cell);

/* Replaces a string of the run by a copy of text. */
void run_set(char **string, const char *text);

/* Reads DIR/run.json. 0, or -1 with one line in error; run is then empty. Free with run_free(). */
int run_load(struct run *run, const char *dir, struct error *error);

/* Writes DIR/run.json whole or not at all (new file, rename). 0, or -1 with one line in error. */
int run_save(const struct run *run, const char *dir, struct error *error);

#endif
