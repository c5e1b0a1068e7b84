/* The command `run`. */
#include "cli/command.h"
#include "machine/machine.h"
#include "report/report.h"
#include "run/run.h"
#include "base/file.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct run_request request = {.seed = SEED_FRESH};

/* The harness takes no more (bench/harness/options.c). */
#define WINDOWS_MAX 1000000000

/* From where the tool started: --resume may be called from elsewhere. */
static void make_absolute(struct strings *program)
{
	char *path = program->count ? g_canonicalize_filename(program->at[0], NULL) : NULL;

	if (path) {
		free(program->at[0]);
		program->at[0] = path;
	}
}

static bool names_linux(const struct strings *machines)
{
	for (size_t i = 0; i < machines->count; i++) {
		const char *variant;
		const struct machine *machine = machine_of_words(machines->at[i], &variant);

		if (machine && machine_takes_kernels(machine))
			return true;
	}
	return false;
}

/* Without -m some machine that QEMU runs is tried. */
static bool names_qemu(const struct strings *machines)
{
	bool any = machines->count == 0;

	for (size_t i = 0; i < machines->count; i++) {
		const char *variant;
		const struct machine *machine = machine_of_words(machines->at[i], &variant);

		any |= !machine || machine_is_qemu(machine);
	}
	return any;
}

/* --resume lays the plan that it finds: what would change it is refused rather than ignored. */
static const char *misfit(const struct run_options *options)
{
	if (request.resume &&
	    (request.dir || request.reference || request.seed != SEED_FRESH ||
	     options->machines.count || options->variants.count || options->benches.count ||
	     options->boots || options->windows || options->timeout > 0 ||
	     options->qemu_args.count || options->events.count || options->kernels.count ||
	     options->lines.count || options->program.count))
		return "--resume goes with -j, --manifest, --dry-run, -q and -v only: the folder "
		       "says the rest";
	if (options->program.count &&
	    (options->benches.count || options->events.count || options->windows))
		return "-B, -e and -n go with benchmarks, not with --program";
	if ((options->kernels.count || options->lines.count) && !names_linux(&options->machines))
		return "--linux and --append go with -m linux or -m linux-kvm";
	if (options->qemu_args.count && !names_qemu(&options->machines))
		return "what stands behind -- goes to QEMU, which runs none of these machines";
	return NULL;
}

static void show(const struct run *run)
{
	struct rows rows;

	rows_fill(&rows, run);
	report_print(run, &rows, stdout, table_style_of(stdout));
	rows_free(&rows);
}

static int main_run(const struct words *words)
{
	const char *fault;

	strings_add(&request.command, "entrybench");
	for (size_t i = 0; i < words->all.count; i++)
		strings_add(&request.command, words->all.at[i]);
	request.options.qemu_args = words->qemu;
	request.show = show;
	make_absolute(&request.options.program);
	fault = misfit(&request.options);
	return fault ? command_fail(EXIT_USAGE, "run: %s", fault) : run_execute(&request);
}

#define OPTIONS request.options

const struct command command_run = {
    .name = "run",
    .usage = "[--program FILE [ARG]...] [-- QEMU ARGS]",
    .about = "boot, measure, store",
    .options =
	(const struct option_row[]){
	    {.help = "What to run (lists may be given again and add up)"},
	    {'m', "machine", "NAME,...", "machines, or MACHINE:VARIANT (default: the best)",
	     .list = &OPTIONS.machines},
	    {'V', "variant", "GLOB,...", "variants (default: all)", .list = &OPTIONS.variants},
	    {'B', "bench", "GLOB,...", "benchmarks, NAME or NAME:PARAM (default: all)",
	     .list = &OPTIONS.benches},
	    {'e', "event", "NAME,...", "events to count, named as by libpfm4 (native, kvm)",
	     .list = &OPTIONS.events},
	    {0, "linux", "FILE[=NAME]", "kernel of linux and linux-kvm; may be repeated",
	     .lines = &OPTIONS.kernels},
	    {0, "append", "LINE", "kernel line for them; may be repeated", .lines = &OPTIONS.lines},
	    {0, "reference", "VARIANT", "what others are compared with (default: first)",
	     .text = &request.reference},
	    {0, "program", "FILE [ARG]...", "a static program and its words, up to a last --",
	     .rest = &OPTIONS.program},
	    {.help = "How much"},
	    {'b', "boots", "N", "boots of each cell (default: the machine's)",
	     .count = &OPTIONS.boots, .least = 1, .most = 10000},
	    {'n', "samples", "N", "windows a boot (default: 10000, emulators 16)",
	     .number = &OPTIONS.windows, .least = 1, .most = WINDOWS_MAX},
	    {'j', "jobs", "N", "guests at once (default: CPUs, silicon one less)",
	     .count = &request.jobs, .least = 1, .most = 1024},
	    {0, "timeout", "S", "seconds a boot (default: 60, bochs 120)",
	     .seconds = &OPTIONS.timeout},
	    {0, "seed", "N", "order of boots and benchmarks (default: a new one)",
	     .number = &request.seed, .most = UINT32_MAX},
	    {.help = "Where to, and how loud"},
	    {'o', "output", "DIR", "results folder (default: results/DATE-TIME)",
	     .text = &request.dir},
	    {0, "resume", "DIR", "do what an earlier run left undone or failed to do",
	     .text = &request.resume},
	    {0, "dry-run", NULL, "print the plan; boot nothing but probes",
	     .flag = &request.dry_run},
	    {0, "manifest", "FILE", "what the build made (default: beside this tool)",
	     .text = &request.manifest},
	    {'q', "quiet", NULL, "no progress, no remarks", .flag = &request.quiet},
	    {'v', "verbose", NULL, "a line on stderr for each boot", .flag = &request.verbose},
	    {0},
	},
    .qemu = true,
    .main = main_run,
};
