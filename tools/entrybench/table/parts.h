/* What the renderers see of a table. Only for the sources of table/. */
#ifndef TABLE_PARTS_H
#define TABLE_PARTS_H

#include "table/table.h"

struct table_value {
	json_t *json; /* NULL: empty */
	char *text;   /* for readers in its place, in CSV for lists; NULL: the value */
};

struct table_line {
	const char *group; /* the same pointer in all lines of a group; NULL: none */
	bool emphasised;
	struct table_value *values; /* one a column */
};

struct table {
	const char *name;
	struct table_column *columns;
	size_t column_count;
	size_t last;	       /* column that a value was put into */
	GArray *lines;	       /* of struct table_line */
	GPtrArray *notes;      /* of char * */
	const char *group;     /* of the next line */
	GStringChunk *strings; /* all that columns and lines point at */
};

/* The line of titles. It comes before line 0 in a loop that ends at table_rows(). */
#define HEADING SIZE_MAX

const struct table_line *table_line(const struct table *table, size_t index);

/* Which columns this audience sees: a reader only those in which a row has a value. Free it. */
size_t *table_shown(const struct table *table, enum table_audience audience, size_t *count);

/* As a reader sees it, control characters escaped; "" where it is empty. */
char *table_text(const struct table *table, size_t line, size_t column);
bool table_aligns_right(const struct table *table, size_t column);

/* The line starts a group: its title, escaped; else NULL. */
char *table_group_title(const struct table *table, size_t line);

#endif
