/* The command `merge`: shards of a run, of one or several hosts, made into one. */
#include "cli/cli.h"

static const char *out;

static int main_merge(const struct words *words)
{
	const struct strings *dirs = &words->operands;
	struct error error;
	struct run merged = {0};
	size_t lacking = 0;

	if (!out || dirs->count < 2)
		return command_fail(EXIT_USAGE, "merge: which runs, and where to? (usage: "
						"entrybench merge DIR DIR... -o OUT)");
	if (merge_runs(&merged, (const char *const *)dirs->at, dirs->count, out, &error)) {
		run_free(&merged);
		return command_fail(EXIT_USAGE, "merge: %s", error.text);
	}
	for (size_t i = 0; i < merged.cell_count; i++)
		lacking += merged.cells[i].boot_count < merged.cells[i].boots_wanted;
	printf("%zu cells of %zu runs in %s", merged.cell_count, dirs->count, out);
	if (lacking)
		printf("; %zu lack boots: entrybench run --resume %s", lacking, out);
	printf("\n");
	run_free(&merged);
	return EXIT_OK;
}

const struct command command_merge = {
    .name = "merge",
    .usage = "DIR DIR...",
    .about = "shards of a run, of one or several hosts, made into one",
    .options =
	(const struct option_row[]){
	    {'o', "output", "DIR", "results folder of the merged run", .text = &out},
	    {0},
	},
    .operands_max = UINT_MAX,
    .main = main_merge,
};
