/*
 * The report of a results folder: table on a stream; summary.csv, plots/ and report.html in the
 * folder.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "figure/figure.h"

/* Numbers and texts of a run as a reader sees them. */
/* All return a new string; free it. A number that is NAN gives "-". */

/* Whole where it is whole or where counting is (instructions), else one decimal. */
char *format_cost(double cost, enum machine_class class);

/* "+12 (+10.7 %)": of `base`; without the part in parentheses where base is 0 or NAN. */
char *format_delta(double delta, double base, enum machine_class class);

/* "exact", "[10.0, 12.0]", "-" */
char *format_interval(const struct interval *interval, enum machine_class class);

/* Command line as one could type it again: words with blanks or quotes in single quotes. */
char *format_command(const struct strings *words);

/* report.html: one file that needs no network, with figures, style and script inside. */
/*
 * The page of a run. Figures are taken from DIR/plots/NAME.svg; where one is missing, `why` says
 * why (NULL: they are all there). Free it.
 */
char *html_page(const struct run *run, const struct rows *rows, const struct figures *figures,
		const char *dir, const char *why);

/* The parts that report.html is made of. All text is escaped. */
void markup_text(FILE *out, const char *text);

/* "<TAG>text</TAG>\n"; the tag may have attributes. */
void markup_element(FILE *out, const char *tag, const char *text);

/* A list of texts, a line of a list of facts: nothing where it is empty. */
void markup_list(FILE *out, const struct strings *list);
void markup_fact(FILE *out, const char *name, const char *value);
void markup_made_fact(FILE *out, const char *name, char *value); /* frees it */

/*
 * An SVG of gnuplot within a page: without its XML heading, and with ids of its own, for all its
 * SVGs call their marks alike.
 */
void markup_svg(FILE *out, const char *svg, size_t number);

struct report_options {
	bool json; /* print JSON in place of the tables */
	bool full; /* print every row, however many there are */
	const char
	    *plots; /* folder of gnuplot scripts; NULL: ENTRYBENCH_PLOTS, else the tool's own */
};

/*
 * Writes all of it for the run of DIR/run.json, its summaries computed anew from the boots. 0, or
 * -1 with one line in error; where only the plots fail, table, CSV and report.html (without
 * figures) are there all the same.
 */
int report_write(struct run *run, const char *dir, const struct report_options *options, FILE *out,
		 struct error *error);

/*
 * Prints the run as "csv" (what summary.csv holds) or "json" (the table with unrounded numbers). 0,
 * or -1 with error.
 */
int report_export(struct run *run, const char *format, FILE *out, struct error *error);

/* The tables of each machine, and what a reader must know of them. */
void report_print(const struct run *run, const struct rows *rows, FILE *out,
		  struct table_style style);

/* More rows than this are more than a first screen. */
#define REPORT_ROWS 24

/*
 * The first screen: the headline, what each feature adds, what could not be measured, each in a line, and where the rest is.
 * A run of no more than REPORT_ROWS rows is printed whole.
 */
void report_print_overview(const struct run *run, const struct rows *rows, FILE *out,
			   struct table_style style);

/* {"started", "reference", "seed", "rows": [...]} */
void report_print_json(const struct run *run, const struct rows *rows, FILE *out);

/* The cells of a run as tables. Free each with table_free(). */
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

/* What a report says in words. */
/* Command, tool, time, seed and host of the run. Free with strings_free(). */
struct strings words_run(const struct run *run);

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
