/* The parts that report.html is made of. */
#include "report/report.h"

void markup_text(FILE *out, const char *text)
{
	g_autofree char *visible = table_visible(text);
	g_autofree char *escaped = g_markup_escape_text(visible, -1);

	fputs(escaped, out);
}

void markup_element(FILE *out, const char *tag, const char *text)
{
	fprintf(out, "<%s>", tag);
	markup_text(out, text);
	fprintf(out, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

void markup_list(FILE *out, const struct strings *list)
{
	if (!list->count)
		return;
	fputs("<ul>\n", out);
	for (size_t i = 0; i < list->count; i++)
		markup_element(out, "li", list->at[i]);
	fputs("</ul>\n", out);
}

void markup_fact(FILE *out, const char *name, const char *value)
{
	if (!*value)
		return;
	markup_element(out, "dt", name);
	markup_element(out, "dd", value);
}

void markup_made_fact(FILE *out, const char *name, char *value)
{
	markup_fact(out, name, value);
	free(value);
}

/*
 * An SVG of gnuplot within a page: without its XML heading, and with ids of its own, for all its
 * SVGs call their marks alike.
 */
void markup_svg(FILE *out, const char *svg, size_t number)
{
	static const char *const ids[] = {"gpPt", "gpDot", "gnuplot_canvas", "textbox", "greybox"};
	const char *at = strstr(svg, "<svg");

	while (at && *at) {
		size_t i = 0;

		while (i < sizeof(ids) / sizeof(*ids) && strncmp(at, ids[i], strlen(ids[i])))
			i++;
		if (i < sizeof(ids) / sizeof(*ids)) {
			fprintf(out, "f%zu%s", number, ids[i]);
			at += strlen(ids[i]);
		} else {
			fputc(*at++, out);
		}
	}
}
