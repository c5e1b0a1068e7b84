/* A run on a terminal: the first screen, or every row. */
#include "report/report.h"

/* More rows than this are more than a first screen. */
#define REPORT_ROWS 24

static void print_lines(const struct strings *list, FILE *out, struct table_style style)
{
	for (size_t i = 0; i < list->count; i++)
		table_print_wrapped(list->at[i], out, style);
}

static void print_table(const struct table *table, const char *before, FILE *out,
			struct table_style style)
{
	if (!table_rows(table))
		return;
	fputs(before, out);
	table_print_text(table, out, style);
}

static void print_whole_machine(const struct run *run, const struct rows *rows, const char *machine,
				FILE *out, struct table_style style)
{
	g_autoptr(table_t) table = rows_table_of(run, rows, machine, NULL, NULL);
	g_autoptr(table_t) absent = rows_absent(rows, machine, 3);

	words_add_caveats(table, run, rows, machine);
	print_table(table, "\n", out, style);
	print_table(absent, "\n", out, style);
}

/* What each feature adds, or the plainest crossing where there is one variant only. */
static void print_brief_machine(const struct run *run, const struct rows *rows,
				const struct cell *first, GHashTable *shown, FILE *out,
				struct table_style style)
{
	g_autoptr(table_t) added = findings_added(run, first->machine, FINDINGS_BENCH, shown);
	g_autoptr(table_t) plain = rows_table_of(run, rows, first->machine, FINDINGS_BENCH, NULL);
	g_auto(strings_t) absent = rows_absent_lines(rows, first->machine);

	print_table(table_rows(added) ? added : plain, "", out, style);
	print_lines(&absent, out, style);
}

void report_print(const struct run *run, const struct rows *rows, bool full, FILE *out,
		  struct table_style style)
{
	g_autoptr(GHashTable) shown = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *headline = words_headline(run, rows);
	g_autoptr(table_t) events = events_table(run);
	g_auto(strings_t) facts = words_run(run), unavailable = words_unavailable(run);

	bool counts = false;

	full |= rows->count <= REPORT_ROWS;
	if (full)
		print_lines(&facts, out, style);
	if (full && headline)
		fputc('\n', out);
	if (headline)
		table_print_heading(headline, out, style);
	for (size_t i = 0; i < rows->count; i++) {
		const struct cell *first = rows->at[i].cell;

		if (!rows->at[i].starts_machine)
			continue;
		counts |= first->class == CLASS_DETERMINISTIC;
		g_autofree char *line = words_machine(run, first);

		fputc('\n', out);
		table_print_heading(line, out, style);
		if (full)
			print_whole_machine(run, rows, first->machine, out, style);
		else
			print_brief_machine(run, rows, first, shown, out, style);
	}
	if (!rows->count)
		fputs("\nno cells: the run measured nothing\n", out);
	if (full)
		print_table(events, "\nevents, median over boots\n\n", out, style);
	if (unavailable.count)
		fputs("\nnot measured here:\n", out);
	print_lines(&unavailable, out, style);
	if (full)
		return;
	g_autofree char *rest = g_strdup_printf(
	    "all %zu rows, flags and notes: entrybench report --full, or report.html", rows->count);

	fputc('\n', out);
	if (counts)
		table_print_wrapped(WORDS_NOT_TIME, out, style);
	table_print_wrapped(rest, out, style);
}
