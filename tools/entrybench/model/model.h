/* What the build made, a run in memory, and what is computed from it alone. */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "model/fields.h"
#include "stats/stats.h"

/*
 * A run in memory: what run.json holds (schema entrybench-run/1), nothing that needs a machine or
 * statistics. What each object consists of stands in fields.def; model/fields.h has the rules for
 * strings and numbers.
 */
#define RUN_SCHEMA_OF "entrybench-run/"
#define RUN_SCHEMA    RUN_SCHEMA_OF "1"
#define RUN_FILE      "run.json"

/* Of its numbers, in json_dumps(). */
#define RUN_PRECISION JSON_REAL_PRECISION(15)

enum machine_class {
	CLASS_SILICON,	     /* counts TSC cycles */
	CLASS_DETERMINISTIC, /* counts instructions */
};

/* "silicon", "deterministic"; "cycles", "instructions"; each list ended by NULL. */
extern const char *const class_names[], *const class_units[], *const status_names[];

#define class_name(class)   (class_names[class])
#define class_unit(class)   (class_units[class])
#define status_name(status) (status_names[status])

/* Where the name stands; -1: nowhere. */
int name_index(const char *const *names, const char *name);

/* In order of gravity: a cell's status is the gravest of its boots'. */
enum cell_status { STATUS_OK, STATUS_SKIPPED, STATUS_FAILED, STATUS_TIMEOUT, STATUS_PANICKED };

/* Features of a variant, mitigations of the host. */
struct pairs {
	struct pair *at;
	size_t count;
};

void pairs_add(struct pairs *pairs, const char *name, const char *value);
void pairs_copy(struct pairs *to, const struct pairs *from);	    /* appends */
const char *pairs_get(const struct pairs *pairs, const char *name); /* NULL: not there */

/* What loops cost, by their names. */
struct costs {
	struct cost *at;
	size_t count;
};

void costs_add(struct costs *costs, const char *name, double value);
double costs_get(const struct costs *costs, const char *name); /* NAN: not there */

/* Something a reader must know. Names are a closed list: see flag_about() in model/names.c. */
struct flags {
	struct flag *at;
	size_t count;
};

/* text NULL: flag_about()'s. */
void flags_add(struct flags *flags, const char *name, uint64_t count, const char *text);
const struct flag *flags_get(const struct flags *flags, const char *name); /* NULL: not set */

/* One phrase a reader understands; NULL: a flag of the guest's own, its text says it. */
const char *flag_about(const char *name);

/* An estimate with its 95 % interval; all NAN where there is none. */
struct interval {
	double estimate, low, high;
};

/* The structs of fields.def, and a shape of each. */
#define SHAPE(name, ...)                                                                           \
	const struct shape *name##_shape(void);                                                    \
	struct name {
#define END                                                                                        \
	}                                                                                          \
	;
#define FIELD_TYPE(kind, type) typedef type FIELD_##kind##_TYPE;
FIELD_KINDS(FIELD_TYPE)
#define FIELD(kind, name, ...) FIELD_##kind##_TYPE name;
#define INTERVAL(name, ...)    struct interval name;
#define PART(shape, name, ...) struct shape name;
#define LIST(shape, name, count, ...)                                                              \
	struct shape *name;                                                                        \
	size_t count;
#define MEMORY(declaration) declaration;
#include "model/fields.def"
#undef SHAPE
#undef END
#undef FIELD
#undef INTERVAL
#undef PART
#undef LIST
#undef MEMORY

/* "Nothing known". A run is freed whole; what it owns goes with it. */
void run_init(struct run *run);
void run_free(struct run *run);

AUTO_CLEAR(run, run_free)

/* Append an item with nothing known. The pointer is good until the next one is added. */
struct cell *run_add_cell(struct run *run, const char *machine, const char *variant,
			  const char *bench);
struct run_machine *run_add_machine(struct run *run, const char *name);
struct boot *cell_add_boot(struct cell *cell, unsigned number);	   /* keeps boots ascending */
struct boot *cell_move_boot(struct cell *cell, struct boot *boot); /* leaves nothing known */
bool cell_has_boot(const struct cell *cell, unsigned number);
void cell_drop_boot(struct cell *cell, size_t index);

/* Cells that were not added by run_add_cell(), or have moved, are found only after this. */
void run_index_cell(struct run *run, size_t number);
void run_index_anew(struct run *run);

/* NULL if there is none. */
struct cell *run_find_cell(const struct run *run, const char *machine, const char *variant,
			   const char *bench);
const struct run_machine *run_find_machine(const struct run *run, const char *name);

/* Replace a string of the run: by a copy of text, or by text itself. */
void run_set(char **string, const char *text);
void run_take(char **string, char *text);

/* Reads DIR/run.json and run.journal. 0, or -1 with error and an empty run. run_free() it. */
int run_load(struct run *run, const char *dir, struct error *error);

/* The same of any version of the schema, as far as this one's rules hold for it. */
int run_load_any_version(struct run *run, const char *dir, struct error *error);

/* All but the cells. */
int run_load_head(struct run *run, const char *dir, struct error *error);

/* As run_load() of a folder, its run.json or run.journal, or a file of another name alone. */
int run_load_file(struct run *run, const char *path, struct error *error);

/* Writes DIR/run.json whole or not at all (new file, rename). 0, or -1 with one line in error. */
int run_save(const struct run *run, const char *dir, struct error *error);

/* What the build made: variants and benchmarks of build/manifest.json (docs/architecture.md). */

/* path NULL: manifest.json beside the executable. 0, or -1 with error set; free in both cases. */
int manifest_load(struct manifest *manifest, const char *path, struct error *error);
void manifest_free(struct manifest *manifest);

AUTO_CLEAR(manifest, manifest_free)

/* NULL: it has none of that name. */
const struct variant *manifest_find_variant(const struct manifest *manifest, const char *name);

#define MANIFEST_PROGRAM "program"

/* Adds a user's program as benchmark MANIFEST_PROGRAM; its file's name is the only parameter. */
void manifest_add_program(struct manifest *manifest, const char *path,
			  const struct strings *arguments);

/* A variant that a machine brings along. */
struct new_variant {
	const char *machine, *name, *about;
	const char *image; /* relative to the manifest's folder, or absolute; NULL: none */
	const char *line;  /* NULL: none */
};

/* Adds one; removes all of a machine. Earlier pointers to variants are stale then. */
void manifest_add_variant(struct manifest *manifest, const struct new_variant *fresh);
void manifest_drop_variants(struct manifest *manifest, const char *machine);

/*
 * From boots to a cell's summary: the bridge between a run and the statistics (docs/statistics.md,
 * "Summary of a cell"). Everything is computed from the boots alone, so a run read back from disk
 * gives the same summaries.
 */

/* A difference on silicon below this part of the reference's round trip is not worth a name. */
#define SUMMARY_THRESHOLD 0.01

/* With so many others, boots that were disturbed, or had to share the core, do not count. */
#define SUMMARY_QUIET_LEAST 5

/* Fewer stretches on a higher level than this are not worth a word. */
#define ROW_HIGHER_LEAST 0.05

/*
 * Fills the summary of every cell: estimate and interval from its boots that are ok, difference, p
 * and verdict against run_reference_of(); pair by pair where the programs have timed their
 * reference case in turn. Where a cell has no reference, is its own, or the reference counts
 * another unit, vs_reference is NAN and the verdict "".
 *
 * Where the boots lie on several levels the estimate is that of the lowest, and there is no
 * difference and no verdict but "levels", unless pairs were timed in turn. Verdicts: silicon
 * "faster", "slower"; deterministic "fewer", "more" (instructions are not time); both "same", and
 * "inconclusive" or "inconclusive, needs about N boots".
 */
void summary_fill(struct run *run);

/*
 * Part by which two runs on silicon may lie apart without any change: neighbours, pages that the
 * kernel happens to have. More where the host is a virtual machine: 12 % hold on the two where it
 * was measured; 1 % elsewhere is an estimate (docs/method.md, "Do conclusions hold?").
 */
double summary_drift(const struct run *run);

/* "inconclusive", with the boots that it needs where they are few enough. Free it. */
char *summary_inconclusive(const struct difference *d);

/* a minus b, of one run: pairwise where a's programs timed b in turn, else as below. */
struct difference summary_difference(const struct cell *a, const struct cell *b);

/* Both are known in cycles of the core, which do not change with its clock. */
bool summary_by_core(const struct cell *a, const struct cell *b);

/*
 * a minus b from that figure of their boots, a double. drift: part of b by which two runs on
 * silicon may differ without a change; 0: a and b are of one run. delta is NAN where either has no
 * boot that is ok or lies on several levels, or where they count another unit.
 */
#define BOOT_FIGURE(name) offsetof(struct boot, name)
struct difference summary_change(const struct cell *a, const struct cell *b, size_t figure,
				 double drift);

/* What a cell is compared with. */

/*
 * The feature that `with` has and `without` has not, where that is all in which they differ: "kpti"
 * for sysret-kpti against sysret. A feature is not there where its value is absent or "off"; `exit`
 * is not there where it is iret. NULL: they differ in more, in nothing, or the other way round.
 */
const char *feature_added(const struct pairs *without, const struct pairs *with);

/*
 * The cell of the same machine and benchmark whose variant is this one without that feature; NULL:
 * without the one that says most, the last of its list, but the exit's choice only where nothing
 * else can be taken away; on a machine whose variants have no features, the first of its variants,
 * which may be the cell itself. NULL: there is none.
 */
const struct cell *run_without(const struct run *run, const struct cell *cell, const char *feature);

/* The benchmark's own reference case, --reference, or run_without(). NULL: none, or itself. */
const struct cell *run_reference_of(const struct run *run, const struct cell *cell);

/*
 * Which boots had the core to themselves. Independent adds, timed in turn with the crossings, take
 * as many core cycles as the core has adders for; a thread beside them that takes some of these
 * makes them slower (docs/method.md).
 */

/*
 * A boot with a larger `shared` was not alone: the median boot alone lies 1.7 % above the best
 * batches, the median beside another thread 20 % (docs/method.md).
 */
#define SHARING_TOLERANCE 0.03

/* The quantile of boots that stands for an unshared core; lower ones are artefacts of the clock. */
#define SHARING_CALMEST 0.05

/* Fills boots' `shared`: the part by which adds took longer than in the calmest boots, or NAN. */
void sharing_fill(struct run *run);

/* What a report says of one cell, and the order in which cells show. */

/* A cell's windows: medians over boots, but extremes over all. NAN where there are none. */
struct row_windows {
	double n, min, p50, p90, p99, p999, max, empty_window;
};

struct row {
	const struct cell *cell;
	/* what it is compared with; NULL: nothing; the cell itself: others are compared with it */
	const struct cell *reference;
	struct row_windows windows;
	size_t boots; /* that are ok */
	double ns; /* estimate; NAN where the clock's frequency is unknown, or for instructions */
	bool starts_machine, starts_group;
	char *group; /* benchmark; without its parameter where rows are the cases of one variant */
	char *label; /* variant; VARIANT:PARAM where the rows are cases */
	char *notes; /* status and reason, levels, flags, verdicts that stay open; "": nothing */
	size_t order[4]; /* of the row, first key first */
};

struct rows {
	struct row *at;
	size_t count;
	GHashTable *common; /* "MACHINE\nFLAG": whether each row carries it, once it was asked */
};

/* All cells by machine and benchmark as they appear, silicon first; they point into the run. */
void rows_fill(struct rows *rows, const struct run *run);
void rows_free(struct rows *rows);

AUTO_CLEAR(rows, rows_free)

/* A flag that each cell of the machine carries that has a result: said once, not in the notes. */
bool row_flag_is_common(const struct rows *rows, const char *machine, const char *flag);

/* A flag of boots that its estimate leaves out: nothing that a reader of the table must know. */
bool row_flag_is_moot(const struct cell *cell, const char *flag);

/* The median of a figure over the cell's boots that are ok and have it (not NAN); NAN: none do. */
typedef double boot_figure_fn(const struct boot *boot, const void *context);
double cell_median(const struct cell *cell, boot_figure_fn *figure, const void *context);

/* Length of the benchmark's name without its parameter. */
size_t bench_base(const char *bench);

/* What stands behind the colon; "" where there is nothing. */
const char *bench_param(const char *bench);

#endif
