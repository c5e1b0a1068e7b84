/* The command `compare`: two runs, variants or kernels, with a verdict and exit code for CI. */
#include "cli/cli.h"

#include "compare/compare.h"

#define EXIT_REGRESSION 3

/* So many regressions are explained: a bill of a stock kernel takes some 20 s. */
#define EXPLAINED_MAX	4
#define EXPLAINED_BENCH "null_syscall"

static const char *by, *format = "table", *threshold, *alpha = "0.05", *drift, *baseline, *output;
static const char *manifests[2];
static struct strings kernels, lines, benches; /* for two kernels, as are boots */
static unsigned boots;
static bool force, brief;
static double timeout; /* 0: the machine's */

/* A number above 0 and below `high`; NAN: text is none. */
static double number_below(const char *text, double high)
{
	char *end;
	double value = g_ascii_strtod(text, &end);

	return end != text && !*end && value > 0 && value < high ? value : NAN;
}

static int read_options(struct compare_options *options, struct error *error)
{
	options->force = force;
	options->by = by;
	options->alpha = number_below(alpha, 1);
	options->drift = drift ? number_below(drift, 100) / 100 : 0;
	if (isnan(options->alpha))
		return error_set(error, "--alpha \"%s\": give a number between 0 and 1", alpha);
	if (isnan(options->drift))
		return error_set(error, "--drift \"%s\": give per cent, more than 0", drift);
	return threshold ? compare_threshold_parse(threshold, &options->threshold, error) : 0;
}

/* ---- why: the bills of both sides ---- */

/* "do_syscall_64 +29, exit_to_user_mode_prepare -31": by phase; of Linux by function. Free it. */
static char *difference_words(const struct bill *const bills[2])
{
	g_autoptr(GArray) lines = bill_pair_lines(bills);
	g_autoptr(GArray) phases = bill_pair_phases(lines);
	GArray *pairs = strcmp(bills[1]->machine, "linux") ? phases : lines;
	g_autoptr(GString) words = g_string_new(NULL);

	bill_sort_pairs(pairs);
	for (guint i = 0; i < pairs->len && PAIR(pairs, i)->delta != 0; i++) {
		const struct bill_pair *pair = PAIR(pairs, i);

		g_string_append_printf(words, "%s%s %+.0f", words->len ? ", " : "",
				       pairs == lines && *pair->symbol ? pair->symbol : pair->phase,
				       pair->delta);
	}
	return g_strdup(words->str);
}

static void explain_one(struct comparison *comparison, const struct compared *compared,
			const struct manifest images[2])
{
	const struct cell *const cells[] = {compared->old, compared->new};
	g_auto(bill_t) old = {0}, new = {0};
	struct bill *const bills[] = {&old, &new};
	struct error error = {""};
	g_autofree char *name = compared_name(compared), *words = NULL;

	for (size_t i = 0; i < 2 && !*error.text; i++)
		bill_cell(bills[i], &images[i], cells[i], timeout, &error);
	if (!*error.text)
		words = difference_words((const struct bill *const[]){&old, &new});
	strings_addf(&comparison->why, "%s %s, %s: %s", cells[1]->machine, cells[1]->bench, name,
		     words ? words : error.text);
}

/* What the run's variants and kernels are made of, as far as this is known. */
static int find_images(struct manifest *images, const struct run *run, const char *path)
{
	if (manifest_open(images, path, NULL))
		return -1;
	return kernels_add(images, &run->options.kernels, &run->options.lines, NULL);
}

static void explain(struct comparison *comparison, const struct run *old, const struct run *new)
{
	struct manifest images[2] = {0};
	size_t count = 0;

	signals_open();
	process_adopt_orphans();
	if (find_images(&images[0], old, manifests[0] ? manifests[0] : manifests[1]) == 0 &&
	    find_images(&images[1], new, manifests[1]) == 0)
		for (size_t i = 0; i < comparison->count && count < EXPLAINED_MAX; i++) {
			const struct compared *compared = &comparison->at[i];

			if (!compared->regression || compared->cell->class == CLASS_SILICON)
				continue;
			explain_one(comparison, compared, images);
			count++;
		}
	for (size_t i = 0; i < 2; i++)
		manifest_free(&images[i]);
}

/* ---- what is compared ---- */

static int compare(const struct run *old, const struct run *new,
		   const struct compare_options *options, struct error *error)
{
	struct comparison comparison;
	int code = EXIT_FAILED;

	if (compare_runs(&comparison, old, new, options, error) == 0) {
		if (comparison.regressions && !brief)
			explain(&comparison, old, new);
		compared_print(&comparison, format, stdout);
		code = comparison.regressions ? EXIT_REGRESSION : EXIT_OK;
	}
	comparison_free(&comparison);
	return code;
}

/* Measures one kernel on machine linux into DIR/NAME. -1: go on; else the exit code. */
static int measure(const char *kernel, const char *dir, const char *name, struct run *run,
		   struct error *error)
{
	g_autofree char *into = g_build_filename(dir, name, NULL);
	struct run_request wanted = {.dir = into, .manifest = manifests[1], .seed = SEED_FRESH};
	struct run_options *options = &wanted.options;
	struct run_result result = {0};
	int code;

	strings_add_all(&wanted.command,
			(const char *const[]){"entrybench", "compare", "--linux", kernel, NULL});
	strings_add(&options->kernels, kernel);
	strings_add(&options->machines, "linux");
	strings_copy(&options->lines, &lines);
	strings_copy(&options->benches, &benches);
	if (!benches.count)
		strings_add(&options->benches, EXPLAINED_BENCH);
	options->boots = boots;
	code = run_to_end(&wanted, &result, error);
	run_result_free(&result);
	return code < 0 && results_open(into, false, run, error) ? EXIT_USAGE : code;
}

/* -1: go on; else the exit code. */
static int open_runs(const struct strings *names, struct run runs[2], struct error *error)
{
	if (kernels.count) {
		g_autofree char *dir = output ? g_strdup(output) : store_default_dir();
		int code = measure(kernels.at[0], dir, "old", &runs[0], error);

		return code < 0 ? measure(kernels.at[1], dir, "new", &runs[1], error) : code;
	}
	if (baseline && baseline_load(&runs[0], baseline, error))
		return EXIT_USAGE;
	for (size_t i = 0; i < names->count; i++)
		if (results_open(names->at[i], force, &runs[baseline ? 1 : i], error))
			return EXIT_USAGE;
	return -1;
}

static int check_words(const struct strings *names, struct error *error)
{
	size_t wanted = kernels.count ? 0 : by || baseline ? 1 : 2;

	if (!compared_print(NULL, format, stdout))
		return error_set(error, "--format \"%s\": give " COMPARED_FORMATS, format);
	if (names->count == wanted && (!kernels.count || kernels.count == 2) && !(by && baseline))
		return 0;
	return error_set(error, "%s (usage: entrybench compare %s)",
			 kernels.count ? "--linux twice, and no folder"
			 : by	       ? "which run?"
			 : baseline    ? "which run against the baseline?"
				       : "which two runs?",
			 command_compare.usage);
}

static int main_compare(const struct words *words, struct error *error)
{
	struct compare_options options = {0};
	struct run runs[2] = {0};
	int code;

	if (read_options(&options, error) || check_words(&words->operands, error))
		return EXIT_USAGE;
	code = open_runs(&words->operands, runs, error);
	if (code < 0)
		code = compare(&runs[0], &runs[by ? 0 : 1], &options, error);
	run_free(&runs[0]);
	run_free(&runs[1]);
	return code;
}

const struct command command_compare = {
    .name = "compare",
    .usage = "OLD NEW | {--baseline NAME|--by FEATURE} DIR",
    .about = "two runs, variants or kernels, with a verdict; 3 on a regression",
    .options =
	(const struct option_row[]){
	    {.help = "What is compared"},
	    {0, "baseline", "NAME", "against what run --save-baseline has kept", .text = &baseline},
	    {0, "by", "FEATURE", "in one run: variants with it against without it", .text = &by},
	    {0, "linux", "FILE", "twice: measures both kernels on machine linux first",
	     .lines = &kernels},
	    {0, "force", NULL, "runs of other CPUs or schema versions, too", .flag = &force},
	    {.help = "When does it fail"},
	    {0, "fail-threshold", "LIMIT", "N%, Ncycles or Ninstructions that may be lost",
	     .text = &threshold},
	    {0, "drift", "PERCENT", "drift of silicon that is no change (1; in a VM 12)",
	     .text = &drift},
	    {0, "alpha", "P", "how many calls may be false (default: 0.05)", .text = &alpha},
	    {.help = "Output"},
	    {0, "format", "NAME", "table (default), markdown, json, csv, junit, github",
	     .text = &format},
	    {0, "no-bill", NULL, "do not boot what has regressed to say where", .flag = &brief},
	    {0, "manifest", "FILE", "images to boot for that (default: beside this tool)",
	     .text = &manifests[1]},
	    {0, "old-manifest", "FILE", "those of OLD, where it is of another build",
	     .text = &manifests[0]},
	    {0, "timeout", "S", "seconds a boot (default: the machine's)", .seconds = &timeout},
	    {.help = "With --linux"},
	    {'B', "bench", "GLOB,...", "benchmarks (default: " EXPLAINED_BENCH ")",
	     .list = &benches},
	    {'b', "boots", "N", "boots of each cell (default: the machine's)", .count = &boots,
	     .least = 1, .most = 10000},
	    {0, "append", "LINE", "kernel line; may be repeated", .lines = &lines},
	    {'o', "output", "DIR", "folder of both results (default: results/DATE-TIME)",
	     .text = &output},
	    {0},
	},
    .operands_max = 2,
    .main = main_compare,
};
