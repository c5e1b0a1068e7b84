/* The report of a results folder. */
#include "report/report.h"

static void print_rows_json(const struct run *run, const struct rows *rows, FILE *out)
{
	g_autoptr(table_t) table = rows_table(run, rows);
	/* A text that is no UTF-8 is left out. */
	json_t *json = json_pack("{s:o*, s:o*, s:I, s:o}", "started", json_string(run->started),
				 "reference", json_string(run->reference), "seed",
				 (json_int_t)run->seed, "rows", table_json(table));

	json_print(json, out);
}

/* More rows than this are more than a page and its figures can show. */
#define PAGE_ROWS 2000

struct summary_csv {
	const struct run *run;
	const struct rows *rows;
};

static bool put_csv(FILE *out, const void *what)
{
	const struct summary_csv *csv = what;
	size_t count = csv->rows->count;

	for (size_t from = 0; from < count || !from; from += TABLE_PIECE) {
		struct rows piece = {.at = csv->rows->at + from,
				     .count = MIN(count - from, TABLE_PIECE)};
		g_autoptr(table_t) table = rows_table(csv->run, &piece);

		(from ? table_print_more_csv : table_print_csv)(table, out);
	}
	return !ferror(out);
}

/* summary.csv, plots/ and report.html. The page comes without figures too, and then says why. */
static int write_all(const struct run *run, const struct rows *rows, const char *dir,
		     const char *plots, struct error *error)
{
	g_autofree char *scripts = NULL;
	struct error failed = {""}, page = {""};
	struct rows shown = *rows;
	struct figures figures;

	shown.count = MIN(shown.count, PAGE_ROWS);
	figures_plan(&figures, run, &shown, dir);
	if (!file_write(dir, "summary.csv", put_csv, &(struct summary_csv){run, rows}, &failed))
		scripts = figure_scripts(plots, &failed);
	if (scripts)
		figures_draw(&figures, dir, scripts, &failed);
	g_autofree char *html =
	    html_page(run, &shown, &figures, dir, *failed.text ? failed.text : NULL);

	file_replace(dir, "report.html", html, strlen(html), &page);
	figures_free(&figures);
	if (*failed.text || *page.text)
		return error_set(error, "%s", *failed.text ? failed.text : page.text);
	return 0;
}

int report_write(struct run *run, const char *dir, const struct report_options *options, FILE *out,
		 struct error *error)
{
	g_auto(rows_t) rows = {0};

	summary_fill(run);
	rows_fill(&rows, run);
	if (options->json)
		print_rows_json(run, &rows, out);
	else
		report_print(run, &rows, options->full, out, table_style_of(out));
	fflush(out);
	return write_all(run, &rows, dir, options->plots, error);
}

void report_export(struct run *run, bool json, FILE *out)
{
	g_auto(rows_t) rows = {0};

	summary_fill(run);
	rows_fill(&rows, run);
	if (json)
		print_rows_json(run, &rows, out);
	else
		put_csv(out, &(struct summary_csv){run, &rows});
}
