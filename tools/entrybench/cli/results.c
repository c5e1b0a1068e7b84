/* Commands on a results folder: `report`, `export`, `show`, `validate`. */
#include "cli/cli.h"

#include "report/report.h"

static struct report_options report_options;
static const char *format = "csv", *manifest_path;
static struct strings billed;
static bool quiet, verbose;

static int load(const char *path, bool any_version, struct run *run, struct error *error)
{
	bool is_file = g_str_has_suffix(path, "/" RUN_FILE) || !strcmp(path, RUN_FILE);
	g_autofree char *folder = is_file ? g_path_get_dirname(path) : g_strdup(path);

	return (any_version ? run_load_any_version : run_load)(run, folder, error);
}

int results_open(const char *path, bool any_version, struct run *run, struct error *error)
{
	if (load(path, any_version, run, error))
		return -1;
	summary_fill(run);
	return 0;
}

/* Draws what null_syscall is made of into DIR/plots, where report.html finds it. -1 with error. */
static int draw_bills(const struct run *run, const char *dir, struct error *error)
{
	g_auto(manifest_t) manifest = {0};

	if (billed.count && manifest_load(&manifest, manifest_path, error))
		return -1;
	signals_open();
	process_adopt_orphans();
	for (size_t i = 0; i < billed.count; i++) {
		const struct cell *cell = run_find_cell(run, "tcg", billed.at[i], FINDINGS_BENCH);
		g_auto(bill_t) bill = {0};
		const struct bill_view view = {.bills = {&bill}};

		if (!cell)
			return error_set(error, "the run has no %s of %s on tcg", FINDINGS_BENCH,
					 billed.at[i]);
		if (bill_cell(&bill, &manifest, cell, 0, error) || bill_plot(&view, dir, error))
			return -1;
	}
	return 0;
}

static int main_report(const struct words *words, struct error *error)
{
	const char *dir = words->operands.at[0];
	g_auto(run_t) run = {0};
	FILE *out;
	int failed;

	if (load(dir, false, &run, error))
		return EXIT_USAGE;
	out = quiet ? fopen("/dev/null", "we") : stdout;
	failed =
	    draw_bills(&run, dir, error) || report_write(&run, dir, &report_options, out, error);
	if (!failed && verbose)
		fprintf(stderr, "entrybench: %s/report.html, summary.csv and plots/ are written\n",
			dir);
	if (out != stdout)
		fclose(out);
	return failed ? EXIT_FAILED : EXIT_OK;
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
	    MANIFEST_OPTION(&manifest_path),
	    {0, "plots", "DIR", "gnuplot scripts (or $ENTRYBENCH_PLOTS; default: ours)",
	     .text = &report_options.plots},
	    {'q', "quiet", NULL, "print no table", .flag = &quiet},
	    {'v', "verbose", NULL, "say where the files are", .flag = &verbose},
	    {0},
	},
    .operands_min = 1,
    .operands_max = 1,
    .lacking = "which folder?",
    .main = main_report,
};

static int main_export(const struct words *words, struct error *error)
{
	bool json = !strcmp(format, "json");
	g_auto(run_t) run = {0};

	if (!json && strcmp(format, "csv"))
		error_set(error, "--format \"%s\" is neither csv nor json", format);
	else if (!load(words->operands.at[0], false, &run, error))
		report_export(&run, json, stdout);
	return *error->text ? EXIT_USAGE : EXIT_OK;
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
    .operands_min = 1,
    .operands_max = 1,
    .lacking = "which folder?",
    .main = main_export,
};

static int main_show(const struct words *words, struct error *error)
{
	const char *const *operands = (const char *const *)words->operands.at;
	const struct cell *cell;
	g_auto(run_t) run = {0};

	if (results_open(operands[0], false, &run, error) ||
	    !(cell = report_find_cell(&run, operands[1], error)))
		return EXIT_USAGE;
	if (report_options.json)
		json_print(fields_write(cell_shape(), cell), stdout);
	else
		report_print_cell(&run, cell, operands[0], stdout, table_style_of(stdout));
	return EXIT_OK;
}

const struct command command_show = {
    .name = "show",
    .usage = "DIR [MACHINE:][VARIANT:]BENCH",
    .about = "one cell of a results folder: boots, levels, flags, log",
    .options =
	(const struct option_row[]){
	    {0, "json", NULL, "print it as run.json has it", .flag = &report_options.json}, {0}},
    .operands_min = 2,
    .operands_max = 2,
    .lacking = "which cell?",
    .main = main_show,
};

static int main_validate(const struct words *words, struct error *error)
{
	const char *path = words->operands.at[0];
	g_auto(run_t) run = {0};
	size_t boots = 0;

	if (run_load_file(&run, path, error))
		return EXIT_FAILED;
	for (size_t i = 0; i < run.cell_count; i++)
		boots += run.cells[i].boot_count;
	printf("%s: valid, %zu cells with %zu boots%s\n", path, run.cell_count, boots,
	       *run.finished ? "" : ", not finished");
	return EXIT_OK;
}

const struct command command_validate = {
    .name = "validate",
    .usage = "FILE",
    .about = "check run.json, run.journal or a results folder",
    .options = (const struct option_row[]){{0}},
    .operands_min = 1,
    .operands_max = 1,
    .lacking = "which file or folder?",
    .main = main_validate,
};
