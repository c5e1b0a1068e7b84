/* The command `show`: one cell of a results folder. */
#include "cli/cli.h"

#include "report/report.h"

static bool json;

static int main_show(const struct words *words)
{
	const struct strings *operands = &words->operands;
	const struct cell *cell;
	struct run run = {0};
	struct error error;
	int code;

	if (operands->count != 2)
		return command_fail(EXIT_USAGE, "show: which cell? (usage: entrybench show DIR "
						"[MACHINE:][VARIANT:]BENCH)");
	code = look_open(operands->at[0], &run);
	if (code < 0) {
		code = EXIT_OK;
		cell = report_find_cell(&run, operands->at[1], &error);
		if (!cell)
			code = command_fail(EXIT_USAGE, "show: %s", error.text);
		else if (json)
			look_print_json(fields_write(cell_shape(), cell));
		else
			report_print_cell(&run, cell, operands->at[0], stdout,
					  table_style_of(stdout));
	}
	run_free(&run);
	return code;
}

const struct command command_show = {
    .name = "show",
    .usage = "DIR [MACHINE:][VARIANT:]BENCH",
    .about = "one cell of a results folder: boots, levels, flags, log",
    .options =
	(const struct option_row[]){{0, "json", NULL, "print it as run.json has it", .flag = &json},
				    {0}},
    .operands_max = 2,
    .main = main_show,
};
