/* The report of a results folder. */
#include "report/report.h"

/* A text that is no UTF-8 becomes "", as in run.json. */
static json_t *string(const char *text)
{
	json_t *json = json_string(text);

	return json ? json : json_string("");
}

void report_print_json(const struct run *run, const struct rows *rows, FILE *out)
{
	g_autoptr(table_t) table = rows_table(run, rows);
	json_t *json = json_pack("{s:o, s:o, s:I, s:o}", "started", string(run->started),
				 "reference", string(run->reference), "seed", (json_int_t)run->seed,
				 "rows", table_json(table));

	json_dumpf(json, out, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
	fputc('\n', out);
	json_decref(json);
}

static void print_csv(const struct run *run, const struct rows *rows, FILE *out)
{
	g_autoptr(table_t) table = rows_table(run, rows);

	table_print_csv(table, out);
}

/* Takes the text. */
static int write_file(const char *dir, const char *name, char *text, struct error *error)
{
	int result = file_replace(dir, name, text, strlen(text), error);

	free(text);
	return result;
}

static int write_csv(const struct run *run, const struct rows *rows, const char *dir,
		     struct error *error)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print_csv(run, rows, out);
	fclose(out);
	return write_file(dir, "summary.csv", text, error);
}

static int draw(const struct figures *figures, const char *dir, const char *plots,
		struct error *error)
{
	g_autofree char *scripts = figure_scripts(plots, error);

	return scripts ? figures_draw(figures, dir, scripts, error) : -1;
}

/* summary.csv, plots/ and report.html. The page comes without figures too, and then says why. */
static int write_all(const struct run *run, const struct rows *rows, const char *dir,
		     const char *plots, struct error *error)
{
	struct error failed = {""}, page = {""};
	struct figures figures;

	figures_plan(&figures, run, rows, dir);
	if (write_csv(run, rows, dir, &failed) == 0)
		draw(&figures, dir, plots, &failed);
	write_file(dir, "report.html",
		   html_page(run, rows, &figures, dir, *failed.text ? failed.text : NULL), &page);
	figures_free(&figures);
	if (*failed.text || *page.text)
		return error_set(error, "%s", *failed.text ? failed.text : page.text);
	return 0;
}

int report_write(struct run *run, const char *dir, const struct report_options *options, FILE *out,
		 struct error *error)
{
	struct rows rows;
	int result;

	summary_fill(run);
	rows_fill(&rows, run);
	if (options->json)
		report_print_json(run, &rows, out);
	else if (options->full)
		report_print(run, &rows, out, table_style_of(out));
	else
		report_print_overview(run, &rows, out, table_style_of(out));
	fflush(out);
	result = write_all(run, &rows, dir, options->plots, error);
	rows_free(&rows);
	return result;
}

int report_export(struct run *run, const char *format, FILE *out, struct error *error)
{
	bool csv = !strcmp(format, "csv");
	struct rows rows;

	if (!csv && strcmp(format, "json"))
		return error_set(error, "unknown format %s: csv or json", format);
	summary_fill(run);
	rows_fill(&rows, run);
	if (csv)
		print_csv(run, &rows, out);
	else
		report_print_json(run, &rows, out);
	rows_free(&rows);
	return 0;
}
