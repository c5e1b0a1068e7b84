/* Columns on a terminal: as wide as they must be, with a last column that wraps to lines of its own. */
#ifndef REPORT_LAYOUT_H
#define REPORT_LAYOUT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/memory.h"

#define LAYOUT_COLUMNS 9

struct layout_line {
	bool heading; /* one text across, from the left margin */
	bool remark;
	/* one text across, below the rows; wraps */ /* one text across, from the left margin */
	char *texts[LAYOUT_COLUMNS + 1];	     /* the last one is the remark */
};

struct layout {
	size_t columns;
	const char *titles[LAYOUT_COLUMNS + 1];
	bool left[LAYOUT_COLUMNS]; /* else aligned right */
	struct layout_line *lines;
	size_t count;
};

/* Takes the strings: columns of them and the remark (all allocated; a row's columns may be NULL to leave out). */
void layout_row(struct layout *layout, char *const *texts, char *remark);
void layout_heading(struct layout *layout, char *text);
void layout_remark(struct layout *layout, char *text);

/* `width`: columns of the terminal. Remarks that do not fit beside their row are put below it, indented. */
void layout_print(const struct layout *layout, FILE *out, size_t width, bool color);

/* `text` at the left margin, broken between words where it is wider; further lines are indented. */
void layout_wrap(const char *text, FILE *out, size_t width);

void layout_free(struct layout *layout);

#endif
