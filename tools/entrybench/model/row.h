/* What a report says of one cell, and the order in which cells show. */
#ifndef MODEL_ROW_H
#define MODEL_ROW_H

#include "model/run.h"

/* Windows of a cell's boots together: medians over boots, but the extremes over all. NAN where none were taken. */
struct row_windows {
	double n, min, p50, p90, p99, p999, max, empty_window;
};

struct row {
	const struct cell *cell;
	/* What it is compared with; NULL: nothing; the cell itself: it is what other cases are compared with. */
	const struct cell *reference;
	struct row_windows windows;
	size_t boots; /* that are ok */
	double ns; /* estimate; NAN where the clock's frequency is unknown, or for instructions */
	bool starts_machine, starts_group;
	char *
	    group; /* benchmark, without its parameter where the rows are the cases of one variant */
	char *label; /* variant; VARIANT:PARAM where the rows are cases */
	char *notes; /* status and reason, levels, flags, verdicts that stay open; "": nothing */
	size_t order[4]; /* of the row, first key first */
};

struct rows {
	struct row *at;
	size_t count;
	GHashTable *counts; /* cells with a result by "MACHINE", and by "MACHINE\nFLAG" */
};

/*
 * All cells, grouped by machine and benchmark, in order of first appearance, silicon machines first. They point into
 * the run.
 */
void rows_fill(struct rows *rows, const struct run *run);
void rows_free(struct rows *rows);

/* A flag that each cell of the machine carries that has a result: said once, not in the notes. */
bool row_flag_is_common(const struct rows *rows, const char *machine, const char *flag);

/* A flag of boots that its estimate leaves out: nothing that a reader of the table must know. */
bool row_flag_is_moot(const struct cell *cell, const char *flag);

/* Length of the benchmark's name without its parameter. */
size_t bench_base(const char *bench);

/* What stands behind the colon; "" where there is nothing. */
const char *bench_param(const char *bench);

#endif
