/* A run on a terminal: the first screen, or every row. */
#include "report/report.h"

/* A first screen, and how many rows of a machine's table it has where it must be cut. */
#define SCREEN_LINES 40
#define SCREEN_ROWS  4

struct screen {
	FILE *out;
	struct table_style style;
	/* From all there is to as little as fits. */
	enum {
		WHOLE, /* all rows, what they mean and how they came about */
		ROWS,  /* all rows */
		BRIEF, /* what each feature adds, or the plainest crossing */
	} extent;
	size_t most; /* rows of a machine's table, in BRIEF */
};

static void print_lines(const struct strings *list, const struct screen *screen)
{
	for (size_t i = 0; i < list->count; i++)
		table_print_wrapped(list->at[i], screen->out, screen->style);
}

static void print_table(const struct table *table, const char *before, const struct screen *screen)
{
	if (!table_rows(table))
		return;
	fputs(before, screen->out);
	table_print_text(table, screen->out, screen->style);
}

static void print_whole_machine(const struct run *run, const struct rows *rows, const char *machine,
				const struct screen *screen)
{
	g_autoptr(table_t) table = rows_table_of(run, rows, machine, NULL, NULL);
	g_autoptr(table_t) absent = rows_absent(rows, machine, 3);

	words_add_caveats(table, run, rows, machine);
	print_table(table, "\n", screen);
	print_table(absent, "\n", screen);
}

/* The benchmark that stands for all; NULL: the machine measured none. */
static const char *plainest(const struct rows *rows, const char *machine)
{
	const char *bench = NULL;

	for_each(const struct row, row, rows->at, rows->count) {
		if (strcmp(row->cell->machine, machine) || !row->boots)
			continue;
		if (!bench || !strcmp(row->cell->bench, FINDINGS_BENCH))
			bench = row->cell->bench;
	}
	return bench;
}

/* What each feature adds, shown once; where that is nothing, the plainest crossing. */
static struct table *brief_table(const struct run *run, const struct rows *rows,
				 const char *machine, GHashTable *shown)
{
	const char *bench = plainest(rows, machine);
	struct table *added = bench ? findings_added(run, machine, bench, shown) : NULL;

	if (added && table_rows(added))
		return added;
	table_free(added);
	return rows_table_of(run, rows, machine, bench, NULL);
}

static void print_short_machine(const struct run *run, const struct rows *rows, const char *machine,
				GHashTable *shown, const struct screen *screen)
{
	g_auto(strings_t) absent = rows_absent_lines(rows, machine);
	g_autoptr(table_t) table = screen->extent == BRIEF
				       ? brief_table(run, rows, machine, shown)
				       : rows_table_of(run, rows, machine, NULL, NULL);
	size_t count = table_rows(table);

	if (screen->extent == BRIEF && count > screen->most) {
		table_cut(table, screen->most);
		table_note(table, "and %zu more", count - screen->most);
	}
	print_table(table, "", screen);
	print_lines(&absent, screen);
}

static void print_machines(const struct run *run, const struct rows *rows,
			   const struct screen *screen)
{
	g_autoptr(GHashTable) shown = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (size_t i = 0; i < rows->count; i++) {
		const struct cell *first = rows->at[i].cell;

		if (!rows->at[i].starts_machine)
			continue;
		g_autofree char *line = words_machine(run, first);

		fputc('\n', screen->out);
		table_print_heading(line, screen->out, screen->style);
		if (screen->extent == WHOLE)
			print_whole_machine(run, rows, first->machine, screen);
		else
			print_short_machine(run, rows, first->machine, shown, screen);
	}
	if (!rows->count)
		fputs("\nno cells: the run measured nothing\n", screen->out);
}

/* What stands below the tables otherwise, and where the rest is. */
static void print_rest(const struct rows *rows, const struct screen *screen)
{
	bool counts = false;

	for (size_t i = 0; i < rows->count; i++)
		counts |= rows->at[i].cell->class == CLASS_DETERMINISTIC;
	g_autofree char *what = screen->extent == BRIEF
				    ? g_strdup_printf("all %zu rows, flags and notes", rows->count)
				    : g_strdup("what columns and flags mean");
	g_autofree char *rest =
	    g_strconcat(what, ": entrybench report --full, or report.html", NULL);

	fputc('\n', screen->out);
	if (counts)
		table_print_wrapped(WORDS_NOT_TIME, screen->out, screen->style);
	table_print_wrapped(rest, screen->out, screen->style);
}

static void print_screen(const struct run *run, const struct rows *rows,
			 const struct screen *screen)
{
	g_autofree char *headline = words_headline(run, rows);
	g_autoptr(table_t) events = events_table(run);
	g_auto(strings_t) facts = words_run(run), unavailable = words_unavailable(run);
	bool whole = screen->extent == WHOLE;

	if (whole)
		print_lines(&facts, screen);
	if (whole && headline)
		fputc('\n', screen->out);
	if (headline)
		table_print_heading(headline, screen->out, screen->style);
	print_machines(run, rows, screen);
	if (screen->extent != BRIEF)
		print_table(events, "\nevents, median over boots\n\n", screen);
	if (unavailable.count)
		fputs("\nnot measured here:\n", screen->out);
	print_lines(&unavailable, screen);
	if (!whole)
		print_rest(rows, screen);
}

static size_t lines_of(const char *text)
{
	size_t lines = 0;

	for (; (text = strchr(text, '\n')); text++)
		lines++;
	return lines;
}

/* A screen with less on it. False: there is none. */
static bool reduce(struct screen *screen, size_t lines)
{
	if (screen->extent != BRIEF) {
		screen->extent++;
		return true;
	}
	if (screen->most == SCREEN_ROWS)
		return false;
	screen->most = MAX(SCREEN_ROWS, screen->most - MIN(screen->most, lines - SCREEN_LINES));
	return true;
}

void report_print(const struct run *run, const struct rows *rows, bool full, FILE *out,
		  struct table_style style)
{
	struct screen screen = {out, style, WHOLE, SCREEN_LINES};

	if (full) {
		print_screen(run, rows, &screen);
		return;
	}
	if (rows->count > SCREEN_LINES)
		screen.extent = BRIEF;
	for (bool shown = false; !shown;) {
		g_autofree char *text = NULL;
		size_t size;

		screen.out = open_memstream(&text, &size);
		print_screen(run, rows, &screen);
		fclose(screen.out);
		shown = lines_of(text) <= SCREEN_LINES || !reduce(&screen, lines_of(text));
		if (shown)
			fputs(text, out);
	}
}
