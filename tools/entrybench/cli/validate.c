/* The command `validate`: is a file what `report`, `compare` and `run --resume` demand? */
#include "cli/cli.h"

static int main_validate(const struct words *words)
{
	struct error error;
	struct run run;
	size_t boots = 0;

	if (!words->operands.count)
		return command_fail(EXIT_USAGE, "validate: which file or folder? "
						"(usage: entrybench validate FILE)");
	if (run_load_file(&run, words->operands.at[0], &error))
		return command_fail(EXIT_FAILED, "%s", error.text);
	for (size_t i = 0; i < run.cell_count; i++)
		boots += run.cells[i].boot_count;
	printf("%s: valid, %zu cells with %zu boots%s\n", words->operands.at[0], run.cell_count,
	       boots, *run.finished ? "" : ", not finished");
	run_free(&run);
	return EXIT_OK;
}

const struct command command_validate = {
    .name = "validate",
    .usage = "FILE",
    .about = "check run.json, run.journal or a results folder",
    .options = (const struct option_row[]){{0}},
    .operands_max = 1,
    .main = main_validate,
};
