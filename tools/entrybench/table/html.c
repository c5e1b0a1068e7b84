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

static const char *class_of(const struct table *table, size_t column)
{
	return table_aligns_right(table, column) ? "number" : "text";
}

static void put_head(const struct table *table, struct shown shown, FILE *out)
{
	fputs("<thead><tr>", out);
	for (size_t i = 0; i < shown.count; i++) {
		g_autofree char *heading = table_heading(table, shown.columns[i]);

		fprintf(out, "<th scope=\"col\" class=\"%s\">", class_of(table, shown.columns[i]));
		put(out, heading);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n", out);
}

static void put_line(const struct table *table, struct shown shown, size_t line, FILE *out)
{
	fprintf(out, "<tr%s>", table_line(table, line)->emphasised ? " class=\"sum\"" : "");
	for (size_t i = 0; i < shown.count; i++) {
		const json_t *value = table_line(table, line)->values[shown.columns[i]].json;
		g_autofree char *text = table_text(table, line, shown.columns[i]);

		fprintf(out, "<td class=\"%s\"", class_of(table, shown.columns[i]));
		if (json_is_number(value))
			fprintf(out, " data-value=\"%.15g\"", json_number_value(value));
		fputc('>', out);
		put(out, text);
		fputs("</td>", out);
	}
	fputs("</tr>\n", out);
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
	put_head(table, shown, out);
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
