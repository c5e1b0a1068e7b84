/* How cells of one figure are told apart: by groups of one feature, and by a colour for what else differs. */
#ifndef FIGURE_GROUPING_H
#define FIGURE_GROUPING_H

#include "model/row.h"

/* Some rows of a run, in the order of the report. */
struct selection {
	const struct row **at;
	size_t count;
};

struct look {
	const char *group;	 /* feature, NULL: the cells are one group */
	const char *hue;	 /* feature that changes the colour fastest, NULL: none differs */
	struct strings groups;	 /* names, as "kpti pcid"; "other" without the feature; "unsafe" */
	struct strings colours;	 /* names, as "sysret, erase off" */
	struct strings features; /* that differ, group and hue included */
	size_t
	    telling; /* how many of them tell colours apart: the first ones, hue and group not counted */
};

/* There are no more colours than eyes can tell apart: further features do not change them. */
#define LOOK_COLOURS 8

/* Groups by `prefer` if cells differ in it, else by the first feature in which they do. */
void look_fill(struct look *look, const struct selection *selection, const char *prefer);
void look_free(struct look *look);

/* Index in groups, colours. */
size_t look_group(const struct look *look, const struct cell *cell);
size_t look_colour(const struct look *look, const struct cell *cell);

/* All features but one, "exit=sysret kpti=on": equal for cells that differ in that one only. Free it. */
char *look_others(const struct cell *cell, const char *but);

/* Rows of a machine that belong to `group` (NULL: to any). Free .at. */
struct selection selection_of(const struct rows *rows, const char *machine, const char *group);

#endif
