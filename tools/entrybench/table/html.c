/*
 * A table in HTML: a body a group. Cells with numbers carry them unrounded as data-value, to sort
 * by.
 */
#include "table/parts.h"

static void put(FILE *out, const char *text)
{
	g_autofree char *escaped = g_markup_escape_text(text, -1);

	fputs(escaped, out);
}

struct shown {
	size_t *columns, count;
};

static void put_line(const struct table *table, struct shown shown, size_t line, FILE *out)
{
	const char *tag = line == HEADING ? "th scope=\"col\"" : "td";
	bool sum = line != HEADING && table_line(table, line)->emphasised;

	fprintf(out, "<tr%s>", sum ? " class=\"sum\"" : "");
	for (size_t i = 0; i < shown.count; i++) {
		size_t column = shown.columns[i];
		const json_t *value =
		    line == HEADING ? NULL : table_line(table, line)->values[column].json;
		g_autofree char *text = table_text(table, line, column);

		fprintf(out, "<%s class=\"%s\"", tag,
			table_aligns_right(table, column) ? "number" : "text");
		if (line == HEADING) {
			fputs(" data-key=\"", out);
			put(out, table->columns[column].key);
			fputc('"', out);
		}
		if (json_is_number(value))
			fprintf(out, " data-value=\"%.15g\"", json_number_value(value));
		fputc('>', out);
		put(out, text);
		fprintf(out, "</%.2s>", tag);
	}
	fputs("</tr>", out);
}

static void put_lines(const struct table *table, struct shown shown, FILE *out)
{
	fputs("<tbody>\n", out);
	for (size_t line = 0; line < table_rows(table); line++) {
		g_autofree char *group = table_group_title(table, line);

		if (group) {
			fprintf(out,
				"%s<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"%zu\">",
				line ? "</tbody>\n<tbody>\n" : "", shown.count);
			put(out, group);
			fputs("</th></tr>\n", out);
		}
		put_line(table, shown, line, out);
		fputc('\n', out);
	}
	fputs("</tbody>\n", out);
}

void table_print_html(const struct table *table, FILE *out)
{
	struct shown shown;

	shown.columns = table_shown(table, TABLE_PAGE, &shown.count);
	fputs("<div class=\"wide\"><table>\n", out);
	if (table->name) {
		g_autofree char *name = table_visible(table->name);

		fputs("<caption>", out);
		put(out, name);
		fputs("</caption>\n", out);
	}
	fputs("<thead>", out);
	put_line(table, shown, HEADING, out);
	fputs("</thead>\n", out);
	put_lines(table, shown, out);
	g_free(shown.columns);
	fputs("</table></div>\n", out);
	if (!table->notes->len)
		return;
	fputs("<ul class=\"notes\">\n", out);
	for (size_t i = 0; i < table->notes->len; i++) {
		g_autofree char *note = table_visible(table->notes->pdata[i]);

		fputs("<li>", out);
		put(out, note);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}
