/* The report of a results folder. */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "report/csv.h"
#include "report/gnuplot.h"
#include "report/table.h"
#include "stats/summary.h"
#include "util/file.h"

static int write_csv(const struct run *run, const struct rows *rows, const char *dir,
		     struct error *error)
{
	struct text text;

	csv_print(run, rows, text_open(&text));
	char *csv = text_take(&text);
	int result = file_replace(dir, "summary.csv", csv, strlen(csv), error);

	free(csv);
	return result;
}

static int draw(const struct figures *figures, const char *dir, const char *plots,
		struct error *error)
{
	char *scripts = gnuplot_scripts(plots, error);
	int result = -1;

	if (scripts && !gnuplot_write(figures, dir, scripts, error))
		result = gnuplot_draw(figures, dir, error);
	free(scripts);
	return result;
}

int report_write(struct run *run, const char *dir, const struct report_options *options, FILE *out,
		 struct error *error)
{
	struct figures figures;
	struct rows rows;
	int result;

	summary_fill(run);
	rows_fill(&rows, run);
	if (options->json)
		table_print_json(run, &rows, out);
	else
		table_print(run, &rows, out, options->color);
	figures_plan(&figures, run, &rows, dir);
	result = write_csv(run, &rows, dir, error);
	if (!result)
		result = draw(&figures, dir, options->plots, error);
	figures_free(&figures);
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
		csv_print(run, &rows, out);
	else
		table_print_json(run, &rows, out);
	rows_free(&rows);
	return 0;
}
