/* Curves of a sweep: the cells of one benchmark over its parameter, by the value of one feature. */
#ifndef FIGURE_CURVES_H
#define FIGURE_CURVES_H

#include "figure/figure.h"

struct sweep {
	const char *bench, *feature;
	const char *base; /* the feature's value that others are held against */
	const char *script, *title;
	const char *what; /* in words, where the figure is missing */
	const char *one;  /* step of the parameter: "byte" */
	bool silicon_only;
};

/* One curve: a row for each parameter, ascending; NULL where it was not measured. */
struct curve {
	char *family;	   /* features but the swept one */
	const char *value; /* of the swept feature */
	const char *label;
	const struct row **at;
};

struct curves {
	struct curve *at;
	size_t count;
	double *params; /* ascending */
	size_t param_count;
};

/* Safe cells of the context's machine that have a result. */
void curves_fill(struct curves *curves, const struct figure_context *context,
		 const struct sweep *sweep);
void curves_free(struct curves *curves);

/* Whether a row is of the sweep's benchmark, on the context's machine. */
bool curves_hold(const struct row *row, const struct figure_context *context,
		 const struct sweep *sweep);

/* The curve of a family with the base value; NULL: none. */
const struct curve *curves_base(const struct curves *curves, const struct curve *curve,
				const char *base);

/*
 * The family that shows in full: the run's reference variant's where it can be, else the first whose base has a
 * partner; NULL: none.
 */
const char *curves_main_family(const struct curves *curves, const struct figure_context *context,
			       const char *base);

#endif
