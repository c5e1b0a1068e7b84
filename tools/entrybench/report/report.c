/* The report of a results folder. */
#include "report/report.h"

static void print_json(const struct run *run, const struct table *table, FILE *out)
{
	/* A text that is no UTF-8 is left out. */
	json_t *json = json_pack("{s:o*, s:o*, s:I, s:o}", "started", json_string(run->started),
				 "reference", json_string(run->reference), "seed",
				 (json_int_t)run->seed, "rows", table_json(table));

	json_dumpf(json, out, JSON_INDENT(1) | RUN_PRECISION);
	fputc('\n', out);
	json_decref(json);
}

/* summary.csv, plots/ and report.html. The page comes without figures too, and then says why. */
static int write_all(const struct run *run, const struct rows *rows, const struct table *table,
		     const char *dir, const char *plots, struct error *error)
{
	g_autofree char *scripts = NULL;
	struct error failed = {""}, page = {""};
	struct figures figures;

	figures_plan(&figures, run, rows, dir);
	if (!table_save(table, table_print_csv, dir, "summary.csv", &failed))
		scripts = figure_scripts(plots, &failed);
	if (scripts)
		figures_draw(&figures, dir, scripts, &failed);
	g_autofree char *html =
	    html_page(run, rows, &figures, dir, *failed.text ? failed.text : NULL);

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
	g_autoptr(table_t) table = rows_table(run, &rows);

	if (options->json)
		print_json(run, table, out);
	else
		report_print(run, &rows, options->full, out, table_style_of(out));
	fflush(out);
	return write_all(run, &rows, table, dir, options->plots, error);
}

void report_export(struct run *run, bool json, FILE *out)
{
	g_auto(rows_t) rows = {0};

	summary_fill(run);
	rows_fill(&rows, run);
	g_autoptr(table_t) table = rows_table(run, &rows);

	if (json)
		print_json(run, table, out);
	else
		table_print_csv(table, out);
}
