/* The commands `report` and `export`: hand a results folder to report/. */
#include "cli/cli.h"

#include <unistd.h>

#include "report/report.h"

static struct report_options report_options;
static const char *format = "csv";
static const char *manifest_path;
static struct strings billed;
static bool quiet, verbose;

/* Loads the run of the one folder that is named. -1: go on; else the exit code. */
static int open_run(const struct words *words, const char *command, struct run *run)
{
	if (words->operands.count)
		return look_open(words->operands.at[0], run);
	return command_fail(EXIT_USAGE, "%s: which folder? (usage: entrybench %s [OPTION...] DIR)",
			    command, command);
}

/* Draws what null_syscall is made of into DIR/plots, where report.html finds it. -1 with error. */
static int draw_bills(const struct run *run, const char *dir, struct error *error)
{
	struct manifest manifest = {0};
	int status;

	if (!billed.count)
		return 0;
	status = manifest_load(&manifest, manifest_path, error);
	signals_open();
	process_adopt_orphans();
	for (size_t i = 0; i < billed.count && !status; i++) {
		const struct cell *cell = run_find_cell(run, "tcg", billed.at[i], FINDINGS_BENCH);
		struct bill bill = {0};
		struct bill_view view = {.bills = {&bill}};

		if (!cell)
			status = error_set(error, "the run has no %s of %s on tcg", FINDINGS_BENCH,
					   billed.at[i]);
		else if (bill_cell(&bill, &manifest, cell, error) || bill_plot(&view, dir, error))
			status = -1;
		bill_free(&bill);
	}
	manifest_free(&manifest);
	return status;
}

static int main_report(const struct words *words)
{
	struct run run = {0};
	struct error error;
	int code = open_run(words, "report", &run);

	if (code < 0) {
		FILE *out = quiet ? fopen("/dev/null", "we") : stdout;

		code = EXIT_OK;
		if (draw_bills(&run, words->operands.at[0], &error) ||
		    report_write(&run, words->operands.at[0], &report_options, out, &error))
			code = command_fail(EXIT_FAILED, "%s", error.text);
		else if (verbose)
			fprintf(stderr,
				"entrybench: %s/report.html, summary.csv and plots/ are written\n",
				words->operands.at[0]);
		if (out != stdout)
			fclose(out);
	}
	run_free(&run);
	return code;
}

const struct command command_report = {
    .name = "report",
    .usage = "DIR",
    .about = "table, plots and report of a results folder",
    .options =
	(const struct option_row[]){
	    {0, "full", NULL, "print every row, not only the first screen",
	     .flag = &report_options.full},
	    {0, "json", NULL, "print the table as JSON", .flag = &report_options.json},
	    {0, "bill", "VARIANT,...", "boot these on tcg and draw what a null_syscall is made of",
	     .list = &billed},
	    {0, "manifest", "FILE", "what the build made (default: beside this tool)",
	     .text = &manifest_path},
	    {0, "plots", "DIR", "gnuplot scripts (or $ENTRYBENCH_PLOTS; default: ours)",
	     .text = &report_options.plots},
	    {'q', "quiet", NULL, "print no table", .flag = &quiet},
	    {'v', "verbose", NULL, "say where the files are", .flag = &verbose},
	    {0},
	},
    .operands_max = 1,
    .main = main_report,
};

static int main_export(const struct words *words)
{
	struct run run = {0};
	bool json = !strcmp(format, "json");
	int code;

	if (!json && strcmp(format, "csv"))
		return command_fail(EXIT_USAGE, "export: --format \"%s\" is neither csv nor json",
				    format);
	code = open_run(words, "export", &run);
	if (code < 0) {
		code = EXIT_OK;
		report_export(&run, json, stdout);
	}
	run_free(&run);
	return code;
}

const struct command command_export = {
    .name = "export",
    .usage = "DIR",
    .about = "a results folder as CSV or JSON",
    .options =
	(const struct option_row[]){
	    {0, "format", "FORMAT", "csv or json (default: csv)", .text = &format},
	    {'q', "quiet", NULL, "no remarks", .flag = &quiet},
	    {'v', "verbose", NULL, "more remarks", .flag = &verbose},
	    {0},
	},
    .operands_max = 1,
    .main = main_export,
};
