/* The commands `report` and `export`: hand a results folder to report/. */
#include "cli/command.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ID_JSON = 256, ID_PLOTS, ID_FORMAT };

const struct option_row report_options[] = {
    {ID_JSON, "json", NULL, "print the table as JSON"},
    {ID_PLOTS, "plots", "DIR",
     "folder of gnuplot scripts (default: $ENTRYBENCH_PLOTS, or the tool's)"},
    {'q', "quiet", NULL, "print no table"},
    {'v', "verbose", NULL, "say where the files are"},
    {0},
};

const struct option_row export_options[] = {
    {ID_FORMAT, "format", "FORMAT", "csv or json (default: csv)"},
    {'q', "quiet", NULL, "no remarks"},
    {'v', "verbose", NULL, "more remarks"},
    {0},
};

struct report_request {
	struct report_options options;
	const char *format;
	bool quiet, verbose;
};

static int take(void *context, int id, const char *value, struct error *error)
{
	struct report_request *request = context;

	if (id == ID_PLOTS)
		request->options.plots = value;
	if (id == ID_FORMAT && strcmp(value, "csv") && strcmp(value, "json"))
		return error_set(error, "--format \"%s\" is neither csv nor json", value);
	if (id == ID_FORMAT)
		request->format = value;
	request->options.json |= id == ID_JSON;
	request->quiet |= id == 'q';
	request->verbose |= id == 'v';
	return 0;
}

/* Parses, and loads the run of the one folder that is named. -1: go on; else
 * the exit code. */
static int open_run(const struct command *command, int argc, char **argv,
		    struct report_request *request, struct words *words, struct run *run)
{
	int code = command_parse(command, argc, argv, take, request, 1, words);
	struct error error;

	if (code >= 0)
		return code;
	if (!words->plain.count)
		return command_fail(EXIT_USAGE, "%s: which folder? (usage: entrybench %s %s)",
				    command->name, command->name, command->usage);
	if (run_load(run, words->plain.at[0], &error))
		return command_fail(EXIT_USAGE, "%s", error.text);
	return -1;
}

int main_report(const struct command *command, int argc, char **argv)
{
	struct report_request request = {0};
	struct run run = {0};
	struct words words = {0};
	struct error error;
	int code = open_run(command, argc, argv, &request, &words, &run);

	if (code < 0) {
		FILE *out = request.quiet ? fopen("/dev/null", "we") : stdout;

		request.options.color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
		code = EXIT_OK;
		if (report_write(&run, words.plain.at[0], &request.options, out, &error))
			code = command_fail(EXIT_FAILED, "%s", error.text);
		else if (request.verbose)
			fprintf(stderr,
				"entrybench: %s/report.html, summary.csv and plots/ are written\n",
				words.plain.at[0]);
		if (out != stdout)
			fclose(out);
	}
	run_free(&run);
	words_free(&words);
	return code;
}

int main_export(const struct command *command, int argc, char **argv)
{
	struct report_request request = {.format = "csv"};
	struct run run = {0};
	struct words words = {0};
	struct error error;
	int code = open_run(command, argc, argv, &request, &words, &run);

	if (code < 0) {
		code = EXIT_OK;
		if (report_export(&run, request.format, stdout, &error))
			code = command_fail(EXIT_FAILED, "%s", error.text);
	}
	run_free(&run);
	words_free(&words);
	return code;
}
