/* A table in HTML and in Markdown. */
#include "table/parts.h"

void markup_text(FILE *out, const char *text)
{
	g_autofree char *visible = text_visible(text);
	g_autofree char *escaped = g_markup_escape_text(visible, -1);

	fputs(escaped, out);
}

void markup_element(FILE *out, const char *tag, const char *text)
{
	fprintf(out, "<%s>", tag);
	markup_text(out, text);
	fprintf(out, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

/* Only what stands in the folder's own logs/: a foreign run.json may name anything. */
static void put_link(FILE *out, const char *path)
{
	bool inside = g_str_has_prefix(path, "logs/") && !strstr(path, "..");
	g_autofree char *link = inside
				    ? g_markup_printf_escaped("<a href=\"%s\">%s</a>", path, path)
				    : g_markup_escape_text(path, -1);

	fputs(link, out);
}

/* Cells with numbers carry them unrounded as data-value, to sort by. */
static void put_html_line(const struct table *table, const size_t *columns, size_t count,
			  size_t line, FILE *out)
{
	bool heading = line == HEADING;

	fputs(!heading && table_line(table, line)->emphasised ? "<tr class=\"sum\">" : "<tr>", out);
	for (size_t i = 0; i < count; i++) {
		size_t column = columns[i];
		const json_t *value = heading ? NULL : table_line(table, line)->values[column].json;
		g_autofree char *text = table_text(table, line, column);

		fprintf(out, "<%s class=\"%s\"", heading ? "th scope=\"col\"" : "td",
			table_aligns_right(table, column) ? "number" : "text");
		if (heading) {
			fputs(" data-key=\"", out);
			markup_text(out, table->columns[column].key);
			fputc('"', out);
		} else if (json_is_number(value)) {
			fprintf(out, " data-value=\"%.15g\"", json_number_value(value));
		}
		fputc('>', out);
		if (!heading && table->columns[column].links)
			put_link(out, text);
		else
			markup_text(out, text);
		fputs(heading ? "</th>" : "</td>", out);
	}
	fputs("</tr>", out);
}

/* A body a group. */
static void put_html_rows(const struct table *table, FILE *out)
{
	size_t count;
	g_autofree size_t *columns = table_shown(table, TABLE_PAGE, &count);

	fputs("<div class=\"wide\"><table>\n", out);
	if (table->name)
		markup_element(out, "caption", table->name);
	fputs("<thead>", out);
	put_html_line(table, columns, count, HEADING, out);
	fputs("</thead>\n<tbody>\n", out);
	for (size_t line = 0; line < table_rows(table); line++) {
		g_autofree char *group = table_group_title(table, line);

		if (group) {
			fprintf(out,
				"%s<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"%zu\">",
				line ? "</tbody>\n<tbody>\n" : "", count);
			markup_text(out, group);
			fputs("</th></tr>\n", out);
		}
		put_html_line(table, columns, count, line, out);
		fputc('\n', out);
	}
	fputs("</tbody>\n</table></div>\n", out);
}

void table_print_html(const struct table *table, FILE *out)
{
	if (table_rows(table))
		put_html_rows(table, out);
	for (size_t i = 0; i < table->notes->len; i++) {
		fputs(i ? "" : "<ul class=\"notes\">\n", out);
		markup_element(out, "li", table->notes->pdata[i]);
		fputs(i + 1 < table->notes->len ? "" : "</ul>\n", out);
	}
}

/* What would end a cell, or be read as markup. */
static void put_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\`*_[]<>|&~", *text))
			fputc('\\', out);
		fputc(*text, out);
	}
}

static void put_markdown_line(const struct table *table, const size_t *columns, size_t count,
			      size_t line, FILE *out)
{
	bool sum = line != HEADING && table_line(table, line)->emphasised;

	fputc('|', out);
	for (size_t i = 0; i < count; i++) {
		g_autofree char *text = table_text(table, line, columns[i]);
		const char *mark = sum && *text ? "**" : "";

		fprintf(out, " %s", mark);
		put_escaped(out, text);
		fprintf(out, "%s |", mark);
	}
	fputc('\n', out);
}

void table_print_markdown(const struct table *table, FILE *out)
{
	size_t count;
	g_autofree size_t *columns = table_shown(table, TABLE_PAGE, &count);

	for (size_t line = 0; line < table_rows(table); line++) {
		g_autofree char *group = table_group_title(table, line);

		/* Markdown has no rows across: each group is a table under a line of its own. */
		if (group) {
			fprintf(out, "%s**", line ? "\n" : "");
			put_escaped(out, group);
			fputs("**\n\n", out);
		}
		if (group || !line) {
			put_markdown_line(table, columns, count, HEADING, out);
			for (size_t i = 0; i < count; i++)
				fputs(table_aligns_right(table, columns[i]) ? "|--:" : "|---", out);
			fputs("|\n", out);
		}
		put_markdown_line(table, columns, count, line, out);
	}
	for (size_t i = 0; i < table->notes->len; i++) {
		g_autofree char *note = text_visible(table->notes->pdata[i]);

		fputs(i ? "- " : "\n- ", out);
		put_escaped(out, note);
		fputc('\n', out);
	}
}
