/* A table in Markdown, as GitHub reads it. */
#include "table/parts.h"

/* What would end a cell, or be read as markup. */
static void put(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\`*_[]<>|&~", *text))
			fputc('\\', out);
		fputc(*text, out);
	}
}

static void put_line(const struct table *table, const size_t *columns, size_t count, size_t line,
		     FILE *out)
{
	bool sum = line != HEADING && table_line(table, line)->emphasised;

	fputc('|', out);
	for (size_t i = 0; i < count; i++) {
		g_autofree char *text = table_text(table, line, columns[i]);
		const char *mark = sum && *text ? "**" : "";

		fprintf(out, " %s", mark);
		put(out, text);
		fprintf(out, "%s |", mark);
	}
	fputc('\n', out);
}

static void put_head(const struct table *table, const size_t *columns, size_t count, FILE *out)
{
	put_line(table, columns, count, HEADING, out);
	fputc('|', out);
	for (size_t i = 0; i < count; i++)
		fputs(table_aligns_right(table, columns[i]) ? "--:|" : "---|", out);
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
			put(out, group);
			fputs("**\n\n", out);
		}
		if (group || !line)
			put_head(table, columns, count, out);
		put_line(table, columns, count, line, out);
	}
	for (size_t i = 0; i < table->notes->len; i++) {
		g_autofree char *note = table_visible(table->notes->pdata[i]);

		fputs(i ? "- " : "\n- ", out);
		put(out, note);
		fputc('\n', out);
	}
}
