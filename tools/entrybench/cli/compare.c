/* The command `compare`: two results folders, or two variants of one run, with a verdict and an exit code for CI. */
#include "cli/cli.h"

#include <sys/stat.h>

#include "compare/compare.h"

#define EXIT_REGRESSION 3

static const char *by, *format = "table", *threshold, *alpha = "0.05";
static bool force;

/* The run of a results folder, or of its run.json; with summaries. 0, or -1 with error. */
static int open_run(const char *path, struct run *run, struct error *error)
{
	g_autofree char *folder = g_str_has_suffix(path, "/" RUN_FILE) ? g_path_get_dirname(path)
				  : !strcmp(path, RUN_FILE)	       ? g_strdup(".")
								       : g_strdup(path);

	if (run_load(run, folder, error))
		return -1;
	summary_fill(run);
	return 0;
}

static int read_options(struct compare_options *options, struct error *error)
{
	char *end;

	options->force = force;
	options->by = by;
	options->alpha = g_ascii_strtod(alpha, &end);
	if (end == alpha || *end || !(options->alpha > 0 && options->alpha < 1))
		return error_set(error, "--alpha \"%s\": give a number between 0 and 1", alpha);
	return threshold ? compare_threshold_parse(threshold, &options->threshold, error) : 0;
}

static int compare(const struct run *old, const struct run *new,
		   const struct compare_options *options)
{
	struct comparison comparison;
	struct error error;
	int code = EXIT_OK;

	if (compare_runs(&comparison, old, new, options, &error)) {
		code = command_fail(EXIT_FAILED, "compare: %s", error.text);
	} else {
		compared_print(&comparison, format, stdout);
		code = comparison.regressions ? EXIT_REGRESSION : EXIT_OK;
	}
	comparison_free(&comparison);
	return code;
}

static int main_compare(const struct words *words)
{
	struct compare_options options = {0};
	struct run old = {0}, new = {0};
	struct error error;
	unsigned wanted = by ? 1 : 2;
	int code;

	if (!compared_print(NULL, format, stdout))
		return command_fail(EXIT_USAGE, "compare: --format \"%s\": give " COMPARED_FORMATS,
				    format);
	if (read_options(&options, &error))
		return command_fail(EXIT_USAGE, "compare: %s", error.text);
	if (words->operands.count != wanted)
		return command_fail(EXIT_USAGE,
				    by ? "compare --by %s: which run? (usage: entrybench "
					 "compare --by FEATURE DIR)"
				       : "compare: which two runs? (usage: entrybench "
					 "compare OLD NEW)",
				    by);
	if (open_run(words->operands.at[0], &old, &error) ||
	    (!by && open_run(words->operands.at[1], &new, &error)))
		code = command_fail(EXIT_USAGE, "%s", error.text);
	else
		code = compare(&old, by ? &old : &new, &options);
	run_free(&old);
	run_free(&new);
	return code;
}

const struct command command_compare = {
    .name = "compare",
    .usage = "OLD NEW | --by FEATURE DIR",
    .about = "two runs, or two variants of one, with a verdict; exit status 3 on a regression",
    .options =
	(const struct option_row[]){
	    {0, "by", "FEATURE", "in one run: variants with it against without it", .text = &by},
	    {0, "fail-threshold", "LIMIT", "N%, Ncycles or Ninstructions that may be lost",
	     .text = &threshold},
	    {0, "alpha", "P", "how many calls may be false (default: 0.05)", .text = &alpha},
	    {0, "force", NULL, "compare runs of different CPUs, too", .flag = &force},
	    {0, "format", "NAME", "table (default), markdown, json, csv, junit, github",
	     .text = &format},
	    {0},
	},
    .operands_max = 2,
    .main = main_compare,
};
