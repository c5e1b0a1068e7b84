/* A table on a terminal, laid out by libsmartcols. */
#include "table/parts.h"

#include <libsmartcols.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#define NARROWEST 60
#define USUAL	  100
#define MARGIN	  2
#define GAP	  "  "
#define MARK	  "."
#define LEAST	  8  /* of a column that is made narrower */
#define INDENT	  6  /* of text below its row, and of further lines */
#define BESIDE	  26 /* a last column that would get less is put below its row */
#define NONE	  SIZE_MAX
#define BOLD	  "\033[1m"
#define PLAIN	  "\033[0m"

struct table_style table_style_of(FILE *out)
{
	struct winsize size;
	struct table_style style = {USUAL, isatty(fileno(out)) && !getenv("NO_COLOR")};

	if (!ioctl(fileno(out), TIOCGWINSZ, &size) && size.ws_col)
		style.width = MAX(size.ws_col, NARROWEST);
	return style;
}

static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; *text; text = g_utf8_next_char(text))
		width += (size_t)MAX(wcwidth((wchar_t)g_utf8_get_char(text)), 0);
	return width;
}

/*
 * How many bytes of `text` make a line of this width: up to a blank where there is one, all where
 * it fits.
 */
static size_t line_length(const char *text, size_t width)
{
	const char *at = text, *blank = NULL;
	size_t used = 0;

	for (; *at; at = g_utf8_next_char(at)) {
		used += (size_t)MAX(wcwidth((wchar_t)g_utf8_get_char(at)), 0);
		if (*at == ' ' && used <= width + 1)
			blank = at;
		if (used > width && at > text)
			return (size_t)((blank ? blank : at) - text);
	}
	return (size_t)(at - text);
}

/* `text` in lines, with `indent` before all but the first. */
static char *fold(const char *text, size_t width, size_t indent)
{
	GString *lines = g_string_new(NULL);

	for (size_t room = width;; room = width - indent) {
		size_t length = line_length(text, room);

		g_string_append_len(lines, text, (gssize)length);
		text += length;
		text += strspn(text, " ");
		if (!*text)
			return g_strchomp(g_string_free(lines, false));
		g_string_append_printf(lines, "\n%*s", (int)indent, "");
	}
}

static void put_bold(FILE *out, const char *text, bool bold)
{
	fprintf(out, "%s%s%s\n", bold ? BOLD : "", text, bold ? PLAIN : "");
}

/* `text`, `margin` columns in, broken where the terminal ends. */
static void put_folded(FILE *out, const char *text, size_t margin, struct table_style style,
		       bool bold)
{
	locale_t before = uselocale(table_utf8());
	g_autofree char *visible = table_visible(text);
	g_autofree char *lines =
	    fold(visible, style.width ? (size_t)style.width - margin : SIZE_MAX, INDENT);

	fprintf(out, "%*s", (int)margin, "");
	put_bold(out, lines, bold);
	uselocale(before);
}

void table_print_wrapped(const char *text, FILE *out, struct table_style style)
{
	put_folded(out, text, 0, style, false);
}

void table_print_heading(const char *text, FILE *out, struct table_style style)
{
	put_folded(out, text, 0, style, style.color);
}

/* ---- how wide the columns are ---- */

struct layout {
	const struct table *table;
	struct table_style style;
	size_t *columns, *widths, count;
	size_t below; /* the column whose texts stand below their rows, or NONE */
};

static const struct table_column *column_at(const struct layout *layout, size_t index)
{
	return &layout->table->columns[layout->columns[index]];
}

static size_t column_width(const struct table *table, size_t column)
{
	size_t widest = 0;

	/* The line before the first is HEADING. */
	for (size_t line = HEADING; line != table_rows(table); line++) {
		g_autofree char *text = table_text(table, line, column);

		widest = MAX(widest, width_of(text));
	}
	return widest;
}

static size_t total_width(const struct layout *layout)
{
	size_t total = MARGIN;

	for (size_t i = 0; i < layout->count; i++)
		total += layout->widths[i] + (i ? strlen(GAP) : 0);
	return total;
}

static bool too_wide(const struct layout *layout)
{
	return layout->style.width && total_width(layout) > (size_t)layout->style.width;
}

static void drop_column(struct layout *layout, size_t index)
{
	layout->count--;
	for (size_t i = index; i < layout->count; i++) {
		layout->columns[i] = layout->columns[i + 1];
		layout->widths[i] = layout->widths[i + 1];
	}
}

/*
 * Makes the widest column that wraps (or any text) narrower until all fit, or each of them is at
 * its least.
 */
static void narrow(struct layout *layout, size_t least, bool any_text)
{
	while (too_wide(layout)) {
		size_t widest = NONE;

		for (size_t i = 0; i < layout->count; i++)
			if ((column_at(layout, i)->wraps ||
			     (any_text && column_at(layout, i)->format <= TABLE_WORD)) &&
			    layout->widths[i] > least &&
			    (widest == NONE || layout->widths[i] > layout->widths[widest]))
				widest = i;
		if (widest == NONE)
			return;
		layout->widths[widest]--;
	}
}

/* The last column goes below its rows where it would be a tall, narrow strip beside them. */
static void put_below(struct layout *layout)
{
	size_t last = layout->count - 1, width = layout->widths[last];

	if (!column_at(layout, last)->wraps)
		return;
	layout->widths[last] = MIN(width, BESIDE);
	if (too_wide(layout))
		layout->below = layout->columns[--layout->count];
	else
		layout->widths[last] = width;
}

static void lay_out(struct layout *layout)
{
	layout->columns = table_shown(layout->table, TABLE_TERMINAL, &layout->count);
	layout->widths = g_new0(size_t, layout->count + 1);
	layout->below = NONE;
	for (size_t i = 0; i < layout->count; i++)
		layout->widths[i] = column_width(layout->table, layout->columns[i]);
	if (layout->count > 1 && too_wide(layout))
		put_below(layout);
	narrow(layout, BESIDE, false);
	for (size_t i = layout->count; i-- > 0 && too_wide(layout);)
		if (column_at(layout, i)->spare)
			drop_column(layout, i);
	narrow(layout, LEAST, false);
	narrow(layout, LEAST, true);
}

/* ---- what stands in them ---- */

static void add_column(struct libscols_table *cols, size_t width, bool right)
{
	int flags = SCOLS_FL_WRAP | SCOLS_FL_STRICTWIDTH | (right ? SCOLS_FL_RIGHT : 0);
	struct libscols_column *column = scols_table_new_column(cols, "", (double)width, flags);

	scols_column_set_wrapfunc(column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
}

/* The first column holds a mark that tells where a row starts. */
static void add_line(struct libscols_table *cols, const struct layout *layout, size_t line)
{
	struct libscols_line *to = scols_table_new_line(cols, NULL);

	scols_line_set_data(to, 0, MARK);
	for (size_t i = 0; i < layout->count; i++) {
		g_autofree char *text = table_text(layout->table, line, layout->columns[i]);
		g_autofree char *lines = fold(text, layout->widths[i], 0);

		scols_line_set_data(to, i + 1, lines);
	}
}

/* The whole table in lines; those that start with MARK are the first of a row. Free it. */
static char *side_by_side(const struct layout *layout)
{
	struct libscols_table *cols = scols_new_table();
	char *text = NULL;

	scols_table_enable_noheadings(cols, 1);
	scols_table_enable_noencoding(cols, 1); /* texts are visible already */
	scols_table_set_column_separator(cols, GAP);
	scols_table_set_termforce(cols, SCOLS_TERMFORCE_ALWAYS);
	scols_table_set_termwidth(cols, total_width(layout) + strlen(MARK GAP));
	scols_table_new_column(cols, "", 0, 0);
	for (size_t i = 0; i < layout->count; i++)
		add_column(cols, layout->widths[i],
			   table_aligns_right(layout->table, layout->columns[i]));
	for (size_t line = HEADING; line != table_rows(layout->table); line++)
		add_line(cols, layout, line);
	if (scols_print_table_to_string(cols, &text))
		g_error("libsmartcols cannot print a table");
	scols_unref_table(cols);
	return text;
}

/* ---- and on the stream ---- */

/*
 * `at`: where the row's first line starts. Returns where the next row does. Where no column has a
 * title, there is no line of them.
 */
static char *put_row(char *at, bool bold, FILE *out)
{
	do {
		char *end = strchrnul(at, '\n');
		char *next = *end ? end + 1 : end;

		*end = 0;
		g_strchomp(at);
		if (strlen(at) > strlen(MARK GAP)) {
			fprintf(out, "%*s", MARGIN, "");
			put_bold(out, at + strlen(MARK GAP), bold);
		}
		at = next;
	} while (*at && !g_str_has_prefix(at, MARK));
	return at;
}

static void put_lines(const struct layout *layout, FILE *out)
{
	g_autofree char *text = side_by_side(layout);
	bool color = layout->style.color;
	char *at = put_row(text, color, out);

	for (size_t line = 0; line < table_rows(layout->table); line++) {
		g_autofree char *group = table_group_title(layout->table, line);

		if (group)
			put_bold(out, group, color);
		at = put_row(at, color && table_line(layout->table, line)->emphasised, out);
		if (layout->below != NONE) {
			g_autofree char *below = table_text(layout->table, line, layout->below);

			if (*below)
				put_folded(out, below, INDENT, layout->style, false);
		}
	}
}

void table_print_text(const struct table *table, FILE *out, struct table_style style)
{
	struct layout layout = {.table = table, .style = style};
	locale_t before = uselocale(table_utf8());

	lay_out(&layout);
	if (layout.count)
		put_lines(&layout, out);
	for (size_t i = 0; i < table->notes->len; i++)
		put_folded(out, table->notes->pdata[i], MARGIN, style, false);
	g_free(layout.columns);
	g_free(layout.widths);
	uselocale(before);
}
