/*
 * The report of a results folder: table on a stream; summary.csv, plots/ and report.html in the
 * folder.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "model/row.h"
#include "table/table.h"

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

#endif
