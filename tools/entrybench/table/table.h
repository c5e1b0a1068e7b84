/*
 * One table for whatever the tool shows: columns, rows in groups, notes below. Whoever has
 * something to show only builds one; a renderer each prints it as text, Markdown, HTML, CSV, JSON
 * and data for gnuplot.
 *
 * Readers (text, Markdown, HTML) see formatted values; programs (CSV, JSON, gnuplot) get the
 * numbers unrounded. A column in which no row has a value is left out for readers. Strings are
 * copied; whatever comes from outside (names, kernel lines, reasons) is escaped by each renderer as
 * its format needs.
 */
#ifndef TABLE_TABLE_H
#define TABLE_TABLE_H

#include <jansson.h>

#include "model/model.h"

/* How a reader sees a number. Programs see it whole. */
enum table_format {
	TABLE_TEXT,    /* no number: as it is, aligned left */
	TABLE_WORD,    /* the same, aligned right */
	TABLE_COUNT,   /* a whole number */
	TABLE_COST,    /* whole where it is whole, else one decimal */
	TABLE_SIGNED,  /* as TABLE_COST, always with its sign */
	TABLE_PERCENT, /* of a part in 1: "12.3 %" */
	TABLE_PVALUE,  /* "0.012", "< 0.001" */
};

/* For whom a column is: one of these, or several joined by "|". */
enum table_audience {
	TABLE_ALL = 0,
	TABLE_TERMINAL = 1, /* text */
	TABLE_PAGE = 2,	    /* Markdown, HTML */
	TABLE_CSV = 4,	    /* and gnuplot */
	TABLE_JSON = 8,
	TABLE_READERS = TABLE_TERMINAL | TABLE_PAGE,
	TABLE_PROGRAMS = TABLE_CSV | TABLE_JSON,
};

struct table_column {
	/*
	 * "round_trip". In JSON "window.p50" is {"window": {"p50": 1}} (null until one member is
	 * known) and "ci95[low]" adds to the list "ci95" (null where one element is unknown). CSV
	 * and gnuplot have window_p50 and ci95_low.
	 */
	const char *key;
	const char *title; /* for readers: "round trip"; NULL: the unit, else the key */
	const char *unit;  /* "cycles", "ns": shown in parentheses behind the title */
	enum table_format format;
	enum table_audience audience;
	bool wraps;	 /* text that may be broken into lines where the terminal is narrow */
	bool spare;	 /* may be left out where it is too narrow all the same */
	bool links;	 /* a path in the results folder, which HTML makes a link */
	const char *csv; /* another name in CSV and gnuplot; NULL: by its key */
};

struct table;

/* columns: ended by one without a key. name: caption in HTML; NULL: none. */
struct table *table_new(const char *name, const struct table_column *columns);
void table_free(struct table *table);

/* Another title or unit for a column, where it depends on what is shown ("vs iret"). */
void table_set_title(struct table *table, const char *key, const char *title);
void table_set_unit(struct table *table, const char *key, const char *unit);

/* Rows from here on belong to a group of that title ("": none), which readers see above them. */
void table_group(struct table *table, const char *title);

/* Starts a row; the others fill it. A column that is never put is empty (JSON null). */
void table_row(struct table *table);
void table_put(struct table *table, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void table_put_text(struct table *table, const char *key, const char *text); /* NULL: empty */
void table_put_number(struct table *table, const char *key, double number);  /* NAN: empty */

/* The number for programs, a text in its place for readers: "exact", "reference". */
void table_put_both(struct table *table, const char *key, double number, const char *text);

/* Any JSON value (the reference is taken), and what all others see in its place. */
void table_put_json(struct table *table, const char *key, json_t *value, const char *text);

/* The row started last is a sum, or stands out otherwise. */
void table_emphasise(struct table *table);

/* A line under the table, for readers. */
void table_note(struct table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

size_t table_rows(const struct table *table);
void table_cut(struct table *table, size_t rows); /* leaves so many */

struct table_style {
	int width;  /* columns of the terminal, 60 at least; 0: unlimited */
	bool color; /* bold titles */
};

/* The terminal's width, else 100; colours on a terminal unless NO_COLOR is set. */
struct table_style table_style_of(FILE *out);

void table_print_text(const struct table *table, FILE *out, struct table_style style);
void table_print_markdown(const struct table *table, FILE *out);
void table_print_html(const struct table *table, FILE *out); /* without rows only the notes */
void table_print_csv(const struct table *table, FILE *out);
void table_print_more_csv(const struct table *table, FILE *out); /* without the heading */

/* A large table for programs is made and printed in pieces of so many rows. */
#define TABLE_PIECE 1000

/* Tab-separated, first a line of quoted keys, two empty lines between groups ("index"). */
void table_print_gnuplot(const struct table *table, FILE *out);

/* What `print` makes of it, into DIR/NAME. 0, or -1 with error. */
int table_save(const struct table *table, void (*print)(const struct table *, FILE *),
	       const char *dir, const char *name, struct error *error);

/* [{"KEY": value, ...}, ...]: a new reference, never NULL. */
json_t *table_json(const struct table *table);

/* Prints any JSON, and takes the reference. */
void json_print(json_t *json, FILE *out);

/* `text` broken between words, further lines indented, control bytes escaped. */
void table_print_wrapped(const char *text, FILE *out, struct table_style style);
void table_print_heading(const char *text, FILE *out, struct table_style style); /* in bold */

/* The same escaped for HTML and XML; and as "<TAG>text</TAG>\n": the tag may have attributes. */
void markup_text(FILE *out, const char *text);
void markup_element(FILE *out, const char *tag, const char *text);

/*
 * Costs as a reader sees them: whole where counting is (instructions), else one decimal. "+12
 * (+10.7 %)": of `base`, without the part in parentheses where that is 0 or NAN. "exact", "[10.0,
 * 12.0]". NAN gives "-". Free each.
 */
char *format_cost(double cost, enum machine_class class);
char *format_delta(double delta, double base, enum machine_class class);
char *format_interval(const struct interval *interval, enum machine_class class);

typedef struct table table_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(table_t, table_free)

#endif
