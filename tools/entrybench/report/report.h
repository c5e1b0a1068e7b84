/* The report of a results folder: tables on a stream; summary.csv, plots/, report.html in it. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "figure/figure.h"

struct report_options {
	bool json;	   /* print JSON in place of the tables */
	bool full;	   /* print every row, however many there are */
	const char *plots; /* gnuplot scripts; NULL: of $ENTRYBENCH_PLOTS, else the tool's own */
};

/*
 * Writes all of it for the run of DIR/run.json, its summaries computed anew from the boots. 0, or
 * -1 with one line in error; where only the plots fail, table, CSV and report.html (without
 * figures) are there all the same.
 */
int report_write(struct run *run, const char *dir, const struct report_options *options, FILE *out,
		 struct error *error);

/* Prints the run as CSV (what summary.csv holds) or JSON (the table with unrounded numbers). */
void report_export(struct run *run, bool json, FILE *out);

/*
 * `full`: the tables of each machine, and what a reader must know of them. Else a first screen,
 * with as much of that as goes into 40 lines: the headline, all rows, or what each feature adds,
 * what could not be measured, each in a line, and where the rest is.
 */
void report_print(const struct run *run, const struct rows *rows, bool full, FILE *out,
		  struct table_style style);

/*
 * report.html: one file that needs no network, with style and script inside, and figures from
 * DIR/plots/NAME.svg; where one is missing, `why` says why (NULL: they are all there). Free it.
 */
char *html_page(const struct run *run, const struct rows *rows, const struct figures *figures,
		const char *dir, const char *why);

/* A cell of a run with summaries: row, boots, levels, meaning of flags, end of its log in DIR. */
void report_print_cell(const struct run *run, const struct cell *cell, const char *dir, FILE *out,
		       struct table_style style);

/* By "MACHINE:VARIANT:BENCH", or by so much of its end as says which. NULL with error. */
const struct cell *report_find_cell(const struct run *run, const char *name, struct error *error);

/* Adds a name that is not there yet; it is not copied. */
void names_add_once(GPtrArray *names, const char *name);

/* The cells of a run as tables. Free each with table_free(). */

/* All cells, for programs. */
struct table *rows_table(const struct run *run, const struct rows *rows);

/* A machine's cells with results by benchmark, for readers; only of bench and variant, or NULL. */
struct table *rows_table_of(const struct run *run, const struct rows *rows, const char *machine,
			    const char *bench, const char *variant);

/* Cells without result, a row a reason, about `names` names of each. */
struct table *rows_absent(const struct rows *rows, const char *machine, size_t names);

/* The same without names, a line a reason, skips in one. Free it. */
struct strings rows_absent_lines(const struct rows *rows, const char *machine);

/* Those that failed, each with its reason and log. */
struct table *rows_failed(const struct rows *rows, const char *machine);

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

/* Round trips of stock kernels and of like paths of the core, a column a kernel; or no rows. */
struct table *findings_linux(const struct run *run, const struct rows *rows,
			     enum machine_class class);

/* Events of one crossing, median over boots, and per TSC cycle. No rows: nothing was counted. */
struct table *events_table(const struct run *run);

/* What a report says in words. */
#define WORDS_NOT_TIME "instructions say how much work, not how long"

/* The command line as one could type it again, words quoted where needed. Free it. */
char *format_command(const struct strings *words);

/* Command, tool, time, seed and host of the run. Free with strings_free(). */
struct strings words_run(const struct run *run);

/* Names and values, with table_free(): of the computer; of what it takes to do the run again. */
struct table *words_host(const struct host_facts *host, bool with_mitigations);
struct table *words_reproduce(const struct run *run);

/*
 * "SYSRET against IRET on CPU: ..." from the cells sigreturn_exit:iret-* of a silicon machine whose
 * difference was shown, with its interval, and the published figure; NULL where there are none.
 * Free it.
 */
char *words_headline(const struct run *run, const struct rows *rows);

/* "tcg: deterministic, round trips in instructions; CPU ...; PROGRAM". Free it. */
char *words_machine(const struct run *run, const struct cell *cell);

/* "kvm: reason" for each machine that was not available. Free with strings_free(). */
struct strings words_unavailable(const struct run *run);

/* Adds notes to the table of a machine that say what its numbers are and are not. */
void words_add_caveats(struct table *table, const struct run *run, const struct rows *rows,
		       const char *machine);

#endif
