/* Columns on a terminal. */
#include "report/layout.h"

#include <stdlib.h>
#include <string.h>

#include "table/format.h"

#define MARGIN 2 /* left of a row's first column */
#define GAP    2 /* between columns */
#define INDENT 6 /* of a remark on a line of its own */
#define BOLD   "\033[1m"
#define PLAIN  "\033[0m"

void layout_row(struct layout *layout, char *const *texts, char *remark)
{
	struct layout_line *line;

	layout->lines = memory_grow(layout->lines, layout->count, sizeof(*layout->lines));
	line = &layout->lines[layout->count++];
	for (size_t i = 0; i < layout->columns; i++)
		line->texts[i] = texts[i];
	line->texts[layout->columns] = remark;
}

static struct layout_line *add_across(struct layout *layout, char *text)
{
	struct layout_line *line;

	layout->lines = memory_grow(layout->lines, layout->count, sizeof(*layout->lines));
	line = &layout->lines[layout->count++];
	line->texts[0] = text;
	return line;
}

void layout_heading(struct layout *layout, char *text)
{
	add_across(layout, text)->heading = true;
}

void layout_remark(struct layout *layout, char *text)
{
	add_across(layout, text)->remark = true;
}

void layout_free(struct layout *layout)
{
	for (size_t i = 0; i < layout->count; i++)
		for (size_t column = 0; column <= LAYOUT_COLUMNS; column++)
			free(layout->lines[i].texts[column]);
	free(layout->lines);
	layout->lines = NULL;
	layout->count = 0;
}

static void measure(const struct layout *layout, size_t *widths)
{
	for (size_t column = 0; column < layout->columns; column++) {
		widths[column] = format_width(layout->titles[column]);
		for (size_t i = 0; i < layout->count; i++) {
			const struct layout_line *line = &layout->lines[i];
			const char *text =
			    line->heading || line->remark ? NULL : line->texts[column];

			if (text && format_width(text) > widths[column])
				widths[column] = format_width(text);
		}
	}
}

static void put_spaces(FILE *out, size_t count)
{
	fprintf(out, "%*s", (int)count, "");
}

/* Returns how far the line reaches. Blanks are put before a text only, so no line ends with them. */
static size_t put_columns(const struct layout *layout, const size_t *widths,
			  const char *const *texts, FILE *out)
{
	size_t reached = 0, start = MARGIN;

	for (size_t column = 0; column < layout->columns; column++) {
		const char *text = texts[column];

		if (text && *text) {
			size_t length = format_width(text);
			size_t at = start + (layout->left[column] ? 0 : widths[column] - length);

			put_spaces(out, at - reached);
			fputs(text, out);
			reached = at + length;
		}
		start += widths[column] + GAP;
	}
	return reached;
}

/* The first line starts `first` columns in, further ones INDENT. */
static void put_wrapped(const char *text, FILE *out, size_t width, size_t first)
{
	size_t at = 0;

	put_spaces(out, first);
	for (size_t start = first; *text;) {
		size_t bytes = strcspn(text, " ");
		char *word = memory_format("%.*s", (int)bytes, text);
		size_t length = format_width(word);

		if (at > start && at + 1 + length > width) {
			fputc('\n', out);
			put_spaces(out, INDENT);
			at = start = INDENT;
		} else if (at) {
			fputc(' ', out);
			at++;
		} else {
			at = start;
		}
		fputs(word, out);
		at += length;
		text += bytes;
		text += strspn(text, " ");
		free(word);
	}
}

static void put_wrapped_line(const char *text, FILE *out, size_t width, size_t first)
{
	put_wrapped(text, out, width, first);
	fputc('\n', out);
}

void layout_wrap(const char *text, FILE *out, size_t width)
{
	put_wrapped_line(text, out, width, 0);
}

/* Where a row's remark starts: behind the last column, or behind the name of a row that is nothing but a remark. */
static size_t remark_start(const struct layout *layout, const size_t *widths,
			   const char *const *texts, size_t reached)
{
	size_t start = MARGIN + widths[0] + GAP;

	if (!texts[1])
		return reached + GAP > start ? reached + GAP : start;
	for (size_t column = 1; column < layout->columns; column++)
		start += widths[column] + GAP;
	return start;
}

static void put_row(const struct layout *layout, const size_t *widths, const char *const *texts,
		    FILE *out, size_t width)
{
	const char *remark = texts[layout->columns];
	size_t reached = put_columns(layout, widths, texts, out);
	size_t start = remark_start(layout, widths, texts, reached);

	if (remark && *remark && start + format_width(remark) <= width) {
		put_spaces(out, start - reached);
		fputs(remark, out);
	} else if (remark && *remark && texts != layout->titles) {
		fputc('\n', out);
		put_wrapped(remark, out, width, INDENT);
	}
	fputc('\n', out);
}

void layout_print(const struct layout *layout, FILE *out, size_t width, bool color)
{
	size_t widths[LAYOUT_COLUMNS];

	measure(layout, widths);
	put_row(layout, widths, layout->titles, out, width);
	for (size_t i = 0; i < layout->count; i++) {
		const struct layout_line *line = &layout->lines[i];

		if (line->heading)
			fprintf(out, "%s%s%s\n", color ? BOLD : "", line->texts[0],
				color ? PLAIN : "");
		else if (line->remark)
			put_wrapped_line(line->texts[0], out, width, MARGIN);
		else
			put_row(layout, widths, (const char *const *)line->texts, out, width);
	}
}
