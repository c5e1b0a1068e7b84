/*
 * Figures: for each a table of numbers and a few assignments that one gnuplot script draws. What a
 * figure looks like stands in that script; plots/README.md describes both sides.
 */
#ifndef FIGURE_FIGURE_H
#define FIGURE_FIGURE_H

#include "model/model.h"
#include "table/table.h"

struct figure {
	char *name;	     /* "matrix-tcg-null_syscall": of its files */
	char *machine;	     /* its numbers are of this one only */
	GString *context;    /* gnuplot assignments */
	bool tlb;	     /* its cells show what the TLB lost, not round trips */
	struct table *data;  /* what the script draws */
	struct table *boots; /* the single boots behind it; NULL: it shows none */
};

struct figures {
	struct figure *at;
	size_t count;
	struct strings absent; /* "TLB cost of KPTI on tcg: why" */
};

/* Where the numbers of a figure come from. */
struct figure_source {
	const char *machine, *cpu;
	enum machine_class class;
};

/*
 * A figure for plots/SCRIPT.gp, named SCRIPT-MACHINE-SUFFIX; the name is made safe and unique.
 * texts, numbers: keys of the columns of its data, separated by a space. Good until the next is
 * made.
 */
struct figure *figure_new(struct figures *figures, const char *script,
			  const struct figure_source *source, const char *suffix, const char *title,
			  const char *texts, const char *numbers);

struct table *figure_table(const char *texts, const char *numbers); /* such a table */

/* What the script needs besides: a gnuplot variable. */
void figure_set_number(struct figure *figure, const char *name, double value);
void figure_set_text(struct figure *figure, const char *name, const char *text);

void figures_free(struct figures *figures);

/* All figures of a run. dir: results folder, for the samples; may be NULL. */
void figures_plan(struct figures *figures, const struct run *run, const struct rows *rows,
		  const char *dir);

/*
 * The folder of scripts: `given` (--plots), else $ENTRYBENCH_PLOTS, else plots/ of the source tree
 * that this tool was built from, else the installed one. Free it. NULL with error: there is none.
 */
char *figure_scripts(const char *given, struct error *error);

/*
 * Writes the data into DIR/plots, then NAME.svg and NAME.png of each figure by one gnuplot, which
 * may take figure_time_limit seconds. Where one fails, the others are drawn all the same. 0, or -1
 * with error that says what is missing and why.
 */
int figures_draw(const struct figures *figures, const char *dir, const char *scripts,
		 struct error *error);
extern int figure_time_limit;

/* ---- for the builders ---- */

struct figure_context {
	struct figures *figures;
	const struct run *run;
	const struct row *rows, *end; /* of one machine */
	const char *dir;
	struct figure_source source;
	bool one_variant;
};

/* Says why there is no figure. */
void figure_absent(const struct figure_context *context, const char *what, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Each builds the figures of its kind for one machine, or says why there is none; in the order of
 * the page.
 */
#define FIGURES(_) _(exit) _(matrix) _(distribution) _(sweeps)

#define DECLARE_FIGURE(name) void figure_##name(const struct figure_context *context);
FIGURES(DECLARE_FIGURE)

#endif
