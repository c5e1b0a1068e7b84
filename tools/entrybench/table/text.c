/*
 * A table on a terminal. By hand: libsmartcols knows no text below a row, and no column that is
 * left out where there is no room.
 */
#include "table/parts.h"

#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#define NARROWEST 60
#define USUAL	  100
#define MARGIN	  2
#define GAP	  "  "
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

/* How many bytes of `text` make a line of this width, up to a blank if there is one. */
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
	locale_t before = uselocale(text_utf8());
	g_autofree char *visible = text_visible(text);
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

/* Narrows the widest column that wraps (or any text) until all fit, or none can shrink. */
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
		if (column_at(layout, i)->spare) {
			layout->count--;
			memmove(&layout->columns[i], &layout->columns[i + 1],
				(layout->count - i) * sizeof(*layout->columns));
			memmove(&layout->widths[i], &layout->widths[i + 1],
				(layout->count - i) * sizeof(*layout->widths));
		}
	narrow(layout, LEAST, false);
	narrow(layout, LEAST, true);
}

/* ---- and what stands in them ---- */

/* A line of the table in as many of the terminal as it takes: none, where no column has a text. */
static void put_line(const struct layout *layout, size_t line, bool bold, FILE *out)
{
	g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
	size_t height = 0;

	for (size_t i = 0; i < layout->count; i++) {
		g_autofree char *text = table_text(layout->table, line, layout->columns[i]);
		g_autofree char *lines = fold(text, layout->widths[i], 0);

		g_ptr_array_add(cells, g_strsplit(lines, "\n", -1));
		height = MAX(height, g_strv_length(cells->pdata[i]));
	}
	for (size_t k = 0; k < height; k++) {
		g_autoptr(GString) whole = g_string_new(NULL);

		for (size_t i = 0; i < layout->count; i++) {
			char **parts = cells->pdata[i];
			const char *part = k < g_strv_length(parts) ? parts[k] : "";
			int pad = (int)(layout->widths[i] - width_of(part));
			bool right = table_aligns_right(layout->table, layout->columns[i]);

			g_string_append_printf(whole, "%s%*s%s%*s", i ? GAP : "", right ? pad : 0,
					       "", part, right ? 0 : pad, "");
		}
		fprintf(out, "%*s", MARGIN, "");
		put_bold(out, g_strchomp(whole->str), bold);
	}
}

static void put_lines(const struct layout *layout, FILE *out)
{
	const struct table *table = layout->table;
	bool color = layout->style.color;

	for (size_t line = HEADING; line != table_rows(table); line++) {
		g_autofree char *group = line == HEADING ? NULL : table_group_title(table, line);
		g_autofree char *below = line == HEADING || layout->below == NONE
					     ? NULL
					     : table_text(table, line, layout->below);

		if (group)
			put_bold(out, group, color);
		put_line(layout, line,
			 color && (line == HEADING || table_line(table, line)->emphasised), out);
		if (below && *below)
			put_folded(out, below, INDENT, layout->style, false);
	}
}

void table_print_text(const struct table *table, FILE *out, struct table_style style)
{
	struct layout layout = {.table = table, .style = style};
	locale_t before = uselocale(text_utf8());

	lay_out(&layout);
	if (layout.count)
		put_lines(&layout, out);
	for (size_t i = 0; i < table->notes->len; i++)
		put_folded(out, table->notes->pdata[i], MARGIN, style, false);
	g_free(layout.columns);
	g_free(layout.widths);
	uselocale(before);
}
