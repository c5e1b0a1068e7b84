/* The cells of a run as tables. Free each with table_free(). */
#ifndef REPORT_ROWS_H
#define REPORT_ROWS_H

#include "model/row.h"
#include "table/table.h"

/* All cells, for programs. */
struct table *rows_table(const struct run *run, const struct rows *rows);

/* The cells of one machine that have a result, for readers, grouped by benchmark. */
struct table *rows_table_of(const struct run *run, const struct rows *rows, const char *machine);

/*
 * Those that have none, a row a reason: how many cells, why, and which ("variants: benchmarks",
 * each name once). `whole`: all of the names, else the first few.
 */
struct table *rows_absent(const struct rows *rows, const char *machine, bool whole);

/* What is looked at first. */
#define FINDINGS_BENCH "null_syscall"

/*
 * What each feature adds to one benchmark: a row for each pair of variants that differ in nothing
 * else. With a set of texts in `shown`, which grows: only the plainest pair of each feature and
 * value, and none that an earlier machine of that class has shown.
 */
struct table *findings_added(const struct run *run, const char *machine, const char *bench,
			     GHashTable *shown);

/* Round trips, a row a benchmark, a column a variant; no rows where there is one variant only. */
struct table *findings_matrix(const struct rows *rows, const char *machine);

/*
 * The run's events for one crossing, median over boots, and how many there are for each cycle of
 * the TSC. No rows where nothing was counted.
 */
struct table *events_table(const struct run *run);

#endif
