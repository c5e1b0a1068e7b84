/* A run on a terminal. */
#include "report/report.h"

static void print_lines(struct strings list, const char *title, FILE *out, struct table_style style)
{
	if (list.count && title)
		fprintf(out, "\n%s\n", title);
	for (size_t i = 0; i < list.count; i++)
		table_print_wrapped(list.at[i], out, style);
	strings_free(&list);
}

static void print_machine(const struct run *run, const struct rows *rows, const struct cell *cell,
			  FILE *out, struct table_style style)
{
	g_autofree char *line = words_machine(run, cell);
	g_autoptr(table_t) table = rows_table_of(run, rows, cell->machine);
	g_autoptr(table_t) absent = rows_absent(rows, cell->machine, false);

	fputc('\n', out);
	table_print_heading(line, out, style);
	words_add_caveats(table, run, rows, cell->machine);
	if (table_rows(table)) {
		fputc('\n', out);
		table_print_text(table, out, style);
	}
	if (table_rows(absent)) {
		fputc('\n', out);
		table_print_text(absent, out, style);
	}
}

void report_print(const struct run *run, const struct rows *rows, FILE *out,
		  struct table_style style)
{
	g_autofree char *headline = words_headline(run, rows);
	g_autoptr(table_t) events = events_table(run);

	print_lines(words_run(run), NULL, out, style);
	if (headline) {
		fputc('\n', out);
		table_print_heading(headline, out, style);
	}
	for (size_t i = 0; i < rows->count; i++)
		if (rows->at[i].starts_machine)
			print_machine(run, rows, rows->at[i].cell, out, style);
	if (!rows->count)
		fputs("\nno cells: the run measured nothing\n", out);
	if (table_rows(events)) {
		fputs("\nevents, median over boots\n\n", out);
		table_print_text(events, out, style);
	}
	print_lines(words_unavailable(run), "not measured here:", out, style);
}
