/*
 * Figures of a run: for each a file of data and a few words for one gnuplot script. Planned in memory from a run and
 * its samples; written to and drawn in the results folder by gnuplot.h.
 */
#ifndef FIGURE_FIGURE_H
#define FIGURE_FIGURE_H

#include <stdio.h>

#include "figure/grouping.h"
#include "base/text.h"

struct figure {
	char *name;    /* "matrix-tcg-null_syscall": of its files */
	char *script;  /* "matrix": plots/matrix.gp */
	char *machine; /* its numbers are of this one only */
	char *title;
	char *subtitle; /* machine, class, unit, CPU */
	struct strings caption;
	struct text data;	  /* open while the figure is made; then .at holds the file */
	struct strings variables; /* gnuplot assignments */
};

struct figures {
	struct figure *at;
	size_t count;
	struct strings absent; /* "TLB cost of KPTI on tcg: why" */
};

/* dir: results folder, for the samples; may be NULL. */
void figures_plan(struct figures *figures, const struct run *run, const struct rows *rows,
		  const char *dir);
void figures_free(struct figures *figures);

/* ---- for the makers of single kinds of figures ---- */

struct figure_context {
	struct figures *figures;
	const struct run *run;
	const struct rows *rows;
	const char *dir;
	const char *machine;
	enum machine_class class;
	const char *cpu;
};

/* A figure with machine, subtitle and an open data file. The name is made safe. Good until the next is started. */
struct figure *figure_start(const struct figure_context *context, const char *script,
			    const char *suffix, const char *title);
void figure_say(struct figure *figure, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Where there is an unsafe variant among them, names it and says that it is for measurement only. */
void figure_say_unsafe(struct figure *figure, const struct selection *selection);

void figure_set_number(struct figure *figure, const char *name, double value);
void figure_set_text(struct figure *figure, const char *name, const char *text);

/* A gnuplot string: nothing in it is special but the quote, which is doubled; control characters become blanks. */
void figure_put_quoted(FILE *out, const char *text);
void figure_end(struct figure *figure);

void figure_absent(const struct figure_context *context, const char *what, const char *why);

/* A field of a data file: tabs, quotes and line breaks become blanks. Then a tab. */
void figure_put_text(FILE *data, const char *text);
void figure_put_number(FILE *data, double value);

/* Label of a row within a figure: variant, or benchmark; never longer than FIGURE_LABEL. Free it. */
#define FIGURE_LABEL 36
char *figure_label(const struct row *row, bool by_bench);

/* Each plans the figures of its kind for one machine, or says why there is none. */
void figure_matrix(const struct figure_context *context);
void figure_distribution(const struct figure_context *context);
void figure_sweeps(const struct figure_context *context);
void figure_exit(const struct figure_context *context);

#endif
