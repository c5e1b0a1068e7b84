/*
 * Two runs, or two variants of one, cell by cell: what changed, and whether that is more than
 * chance. Nothing is compared across classes or units, or across the levels of a cell.
 */
#ifndef COMPARE_COMPARE_H
#define COMPARE_COMPARE_H

#include "model/model.h"
#include "table/table.h"

enum verdict {			     /* the first four in the order of enum change */
	       VERDICT_SAME,	     /* "~": no difference beyond the threshold */
	       VERDICT_FASTER,	     /* fewer instructions on a machine that counts */
	       VERDICT_SLOWER,	     /* more of them */
	       VERDICT_INCONCLUSIVE, /* could be either */
	       VERDICT_LEVELS,	     /* boots of one lie on several levels: nothing may be said */
	       VERDICT_OLD_ONLY,     /* no such cell in the new run, or it measured nothing there */
	       VERDICT_NEW_ONLY,
};

struct compared {
	const struct cell *old, *new; /* NULL: only the other is there */
	const struct cell *cell;      /* the new one, else the old one */
	struct difference
	    difference; /* new - old; p adjusted over all cells; NAN: nothing to say */
	enum verdict verdict;
	bool by_core;	 /* difference and estimates are in cycles of the core */
	bool regression; /* slower by more than the threshold */
};

/* What makes a regression: more than this. At most one is not 0. */
struct compare_threshold {
	double part;  /* of the old estimate */
	double ticks; /* of that unit */
	enum machine_class class;
};

struct compare_options {
	double alpha;
	double drift; /* part by which two runs on silicon may differ; 0: as their hosts have it */
	struct compare_threshold threshold;
	bool force;	/* other CPUs, too */
	const char *by; /* within one run: this feature on against off; NULL: two runs */
};

struct comparison {
	struct compared
	    *at; /* grouped by machine and benchmark; what only the old run has is at the end */
	size_t count;
	size_t tests; /* p-values that the correction is over */
	size_t regressions;
	struct strings why;  /* the bill's difference of some of them, which is shown below */
	double alpha, drift; /* as asked for; drift is 0 within one run */
};

/*
 * Compares. old and new must have summaries and outlive the comparison; with options->by they are
 * the same run. 0, or -1 with error: the two must not be compared, or have no cell in common.
 */
int compare_runs(struct comparison *comparison, const struct run *old, const struct run *new,
		 const struct compare_options *options, struct error *error);
void comparison_free(struct comparison *comparison);

/* "2%", "3cycles", "1instruction": 0, or -1 with error. */
int compare_threshold_parse(const char *text, struct compare_threshold *threshold,
			    struct error *error);

/* What the difference is between: the cell's round trip, in that unit. */
const struct interval *compared_cost(const struct compared *compared, const struct cell *cell);
const char *compared_unit(const struct compared *compared);

/* "slower", "inconclusive, needs about 40 boots". Free it. */
char *compared_text(const struct compared *compared);

/* "tcg null_syscall, sysret-kpti against sysret". Free it. */
char *compared_name(const struct compared *compared);

/*
 * "table", "markdown", "json", "csv"; "junit": a test case a cell, failed where it is a regression,
 * skipped where nothing can be said; "github": workflow commands of GitHub Actions, an error a
 * regression, a warning for what cannot be told. False: there is no such format. Without a
 * comparison nothing is printed.
 */
bool compared_print(const struct comparison *comparison, const char *format, FILE *out);
#define COMPARED_FORMATS "table, markdown, json, csv, junit or github"

#endif
