/* The commands of machine metal: `image`, `collect` and `kexec`. */
#include "cli/cli.h"

#include <sys/stat.h>

#include "report/report.h"

static struct run_request request = {.seed = SEED_FRESH};
static const char *file, *image;
static unsigned wait_seconds = 10, boot;
static double timeout;

#define OPTIONS request.options

/* The plan of the request, with nothing measured: EXIT_OK, else the code with error. */
static int plan(struct run_result *result, struct error *error)
{
	bool dry_run = request.dry_run;
	enum run_end end;

	request.dry_run = true;
	end = run_execute(&request, result, error);
	request.dry_run = dry_run;
	if (end == RUN_PLANNED && result->plan.boots->len)
		return EXIT_OK;
	if (end == RUN_PLANNED)
		error_set(error, "nothing can be measured: %s",
			  result->run.cell_count ? result->run.cells[0].reason : "no cell");
	return end == RUN_PLANNED ? EXIT_NOTHING : end == RUN_MISUSED ? EXIT_USAGE : EXIT_FAILED;
}

/* At worst: no two of 50 readings of 14 kinds are equal, nor any two windows of two kinds. */
#define BYTES_A_BENCHMARK(windows) (8000 + 12 * (windows))

static void say_room(const struct run_result *result)
{
	uint64_t windows = OPTIONS.windows ?: machine_metal.windows, most = 0;

	for (guint i = 0; i < result->plan.boots->len; i++) {
		const struct plan_boot *boot = result->plan.boots->pdata[i];

		most = MAX(most, boot->items->len);
	}
	if (most * BYTES_A_BENCHMARK(windows) > KEEP_SIZE)
		remark("%" PRIu64 " benchmarks a boot may send more than the %d KiB of it that "
		       "the stick keeps: without a serial line choose fewer (-B), or a smaller -n",
		       most, KEEP_SIZE / 1024);
}

static int main_image(G_GNUC_UNUSED const struct words *words, struct error *error)
{
	struct run_result result = {0};
	int code = EXIT_USAGE;

	strings_add(&OPTIONS.machines, "metal");
	if (!file)
		error_set(error, "where to? (usage: entrybench image -o FILE)");
	else
		code = plan(&result, error);
	if (code == EXIT_OK && image_make(&result, file, wait_seconds, error))
		code = EXIT_FAILED;
	if (code == EXIT_OK) {
		say_room(&result);
		printf("%s boots %u times, %zu cells; keep %s.json beside it: entrybench collect "
		       "needs it\n",
		       file, result.plan.boots->len, result.run.cell_count, file);
	}
	run_result_free(&result);
	return code;
}

/* What image_make() left beside the image. */
static int open_image(struct run_result *result, struct error *error)
{
	if (!image) {
		error_set(error, "of which image? (--image FILE)");
		return EXIT_USAGE;
	}
	request.resume = image_run_file(image);
	return plan(result, error);
}

/* A serial line or a stick is read into DIR.stream first. 0, or -1 with error. */
static int record(const char *source, unsigned boots, struct error *error)
{
	g_autofree char *name = image_plan_name(request.resume, error);
	bool stick = keep_is_stick(source);
	struct stat facts;

	request.stream = source;
	if (!stick && stat(source, &facts) == 0 && S_ISREG(facts.st_mode))
		return 0;
	request.stream = g_strconcat(request.dir, ".stream", NULL);
	if (stick)
		return keep_collect(source, request.stream, error);
	signals_open();
	progress_open(request.quiet, true);
	return name ? streams_record(source, name, boots, timeout, request.stream, error) : -1;
}

static int main_collect(const struct words *words, struct error *error)
{
	struct run_result planned = {0}, result = {0};
	struct rows rows;
	int code = open_image(&planned, error);

	if (code == EXIT_OK && !request.dir) {
		error_set(error, "where to? (-o DIR)");
		code = EXIT_USAGE;
	}
	if (code == EXIT_OK && record(words->operands.at[0], planned.plan.boots->len, error))
		code = EXIT_FAILED;
	run_result_free(&planned);
	if (code == EXIT_OK)
		code = run_to_end(&request, &result, error);
	if (code < 0) {
		rows_fill(&rows, &result.run);
		report_print(&result.run, &rows, false, stdout, table_style_of(stdout));
		rows_free(&rows);
		code = EXIT_OK;
		for (size_t i = 0; i < result.run.cell_count; i++)
			if (result.run.cells[i].status > STATUS_SKIPPED)
				code = EXIT_FAILED;
	}
	run_result_free(&result);
	return code;
}

static int main_kexec(G_GNUC_UNUSED const struct words *words, struct error *error)
{
	struct run_result result = {0};
	int code = open_image(&result, error);

	if (code == EXIT_OK && boot >= result.plan.boots->len) {
		error_set(error, "the image has boots 0 to %u", result.plan.boots->len - 1);
		code = EXIT_USAGE;
	}
	if (code == EXIT_OK && image_kexec(&result, boot, request.resume, error))
		code = EXIT_FAILED;
	if (code == EXIT_OK)
		printf("boot %u of %u is loaded: \"kexec -e\" ends this Linux and starts it; the "
		       "machine resets afterwards. It reads and writes no disk: sync first.\n",
		       boot, result.plan.boots->len);
	run_result_free(&result);
	return code;
}

#define IMAGE                                                                                      \
	{                                                                                          \
		0, "image", "FILE", "the image that runs there, FILE.json beside it",              \
		    .text = &image                                                                 \
	}

const struct command command_image = {
    .name = "image",
    .usage = "",
    .about = "an image for a USB stick that measures any PC (docs/metal.md)",
    .options =
	(const struct option_row[]){
	    {'o', "output", "FILE", "the image, and FILE.json for collect", .text = &file},
	    {'V', "variant", "GLOB,...", "variants (default: all but the extra ones)",
	     .list = &OPTIONS.variants},
	    {'B', "bench", "GLOB,...", "benchmarks, NAME or NAME:PARAM (default: all)",
	     .list = &OPTIONS.benches},
	    {'b', "boots", "N", "boots of each variant (default: 10)", .count = &OPTIONS.boots,
	     .least = 1, .most = 10000},
	    {'n', "samples", "N", "windows a boot (default: 1000)", .number = &OPTIONS.windows,
	     .least = 1, .most = 1000000000},
	    {0, "seed", "N", "order of boots and benchmarks (default: a new one)",
	     .number = &request.seed, .most = UINT32_MAX},
	    {0, "wait", "S", "seconds in which it can be stopped (default: 10)",
	     .count = &wait_seconds, .most = 3600},
	    MANIFEST_OPTION(&request.manifest),
	    {0},
	},
    .main = main_image,
};

const struct command command_collect = {
    .name = "collect",
    .usage = "FILE|DEVICE",
    .about = "results of a machine that ran an image, from its stick or its serial line",
    .options =
	(const struct option_row[]){
	    IMAGE,
	    {'o', "output", "DIR", "results folder; what was sent goes to DIR.stream",
	     .text = &request.dir},
	    {0, "timeout", "S", "of a device: silence that ends it (default: none)",
	     .seconds = &timeout},
	    {'q', "quiet", NULL, "no progress, no remarks", .flag = &request.quiet},
	    {'v', "verbose", NULL, "a line on stderr for each boot", .flag = &request.verbose},
	    MANIFEST_OPTION(&request.manifest),
	    {0},
	},
    .operands_min = 1,
    .operands_max = 1,
    .lacking = "from what?",
    .main = main_collect,
};

const struct command command_kexec = {
    .name = "kexec",
    .usage = "",
    .about = "loads one boot of an image from the Linux that runs",
    .options =
	(const struct option_row[]){
	    IMAGE,
	    {0, "boot", "K", "which of its boots (default: 0)", .count = &boot, .most = 1000000},
	    MANIFEST_OPTION(&request.manifest),
	    {0},
	},
    .main = main_kexec,
};
