/* The command `merge`: shards of a run, of one or several hosts, made into one. */
#include "cli/cli.h"

static const char *out;

static int main_merge(const struct words *words, struct error *error)
{
	const struct strings *dirs = &words->operands;
	g_auto(run_t) merged = {0};
	size_t lacking = 0;

	if (!out)
		error_set(error, "where to? (usage: entrybench merge DIR DIR... -o OUT)");
	if (!out || merge_runs(&merged, (const char *const *)dirs->at, dirs->count, out, error))
		return EXIT_USAGE;
	for (size_t i = 0; i < merged.cell_count; i++)
		lacking += merged.cells[i].boot_count < merged.cells[i].boots_wanted;
	printf("%zu cells of %zu runs in %s", merged.cell_count, dirs->count, out);
	if (lacking)
		printf("; %zu lack boots: entrybench run --resume %s", lacking, out);
	printf("\n");
	return EXIT_OK;
}

const struct command command_merge = {
    .name = "merge",
    .usage = "DIR DIR... -o OUT",
    .about = "shards of a run, of one or several hosts, made into one",
    .options =
	(const struct option_row[]){
	    {'o', "output", "DIR", "results folder of the merged run", .text = &out},
	    {0},
	},
    .operands_min = 2,
    .operands_max = UINT_MAX,
    .lacking = "which runs?",
    .main = main_merge,
};
