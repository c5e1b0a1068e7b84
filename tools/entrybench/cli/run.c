/* The command `run`. */
#include "cli/command.h"
#include "machine/machine.h"
#include "report/table.h"
#include "run/run.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	ID_SEED = 256,
	ID_REFERENCE,
	ID_TIMEOUT,
	ID_RESUME,
	ID_DRY_RUN,
	ID_MANIFEST,
	ID_LINUX,
	ID_APPEND,
	ID_PROGRAM
};

const struct option_row run_options[] = {
    {'m', "machine", "NAME", "run on this machine (may be given again; default: the best here)"},
    {ID_LINUX, "linux", "FILE[=NAME]", "kernel of linux and linux-kvm (may be given again)"},
    {ID_APPEND, "append", "LINE", "kernel line of linux and linux-kvm (may be given again)"},
    {ID_PROGRAM, "program", "FILE [ARG]...",
     "run this static program instead, with these words up to a last --"},
    {'V', "variant", "GLOB", "variants to run (may be given again; default: all)"},
    {'B', "bench", "GLOB", "benchmarks, NAME or NAME:PARAM (may be given again; default: all)"},
    {'e', "event", "LIST", "also count these events, by libpfm4's names (native, kvm)"},
    {'b', "boots", "N",
     "boots of each cell (default: 2 where all are equal, 10 on silicon, more on native)"},
    {'n', "samples", "N", "single-shot windows a boot (default: 10000, 16 where all are equal)"},
    {'o', "output", "DIR", "results folder (default: results/DATE-TIME)"},
    {'j', "jobs", "N", "guests at the same time (default: CPUs; on silicon CPUs but one)"},
    {ID_SEED, "seed", "N", "order of boots and benchmarks (default: a new one, recorded)"},
    {ID_REFERENCE, "reference", "VARIANT", "what others are compared with (default: the first)"},
    {ID_TIMEOUT, "timeout", "S", "seconds until a boot is given up (default: 60, bochs 120)"},
    {ID_RESUME, "resume", "DIR", "do what an earlier run left undone or failed to do"},
    {ID_DRY_RUN, "dry-run", NULL, "print what would be booted, and boot nothing but probes"},
    {ID_MANIFEST, "manifest", "FILE", "what the build made (default: beside this program)"},
    {'q', "quiet", NULL, "no progress, no remarks"},
    {'v', "verbose", NULL, "a line on stderr for each boot"},
    {0},
};

static int take_boots(struct run_request *request, const char *value, struct error *error)
{
	uint64_t number;

	if (parse_count("-b", value, 1, 10000, &number, error))
		return -1;
	request->options.boots = (unsigned)number;
	return 0;
}

static int take_jobs(struct run_request *request, const char *value, struct error *error)
{
	uint64_t number;

	if (parse_count("-j", value, 1, 1024, &number, error))
		return -1;
	request->jobs = (unsigned)number;
	return 0;
}

static int take_seed(struct run_request *request, const char *value, struct error *error)
{
	request->seed_given = true;
	return parse_count("--seed", value, 0, UINT32_MAX, &request->seed, error);
}

/* From where the tool started: --resume may be called from elsewhere. */
static void take_program(struct run_options *options, const char *file)
{
	char *here = file[0] == '/' ? NULL : getcwd(NULL, 0);
	char *path = here ? path_join(here, file) : memory_copy(file);

	strings_add(&options->program, path);
	free(path);
	free(here);
}

static int take(void *context, int id, const char *value, struct error *error)
{
	struct run_request *request = context;
	struct run_options *options = &request->options;

	switch (id) {
	case 'm':
		strings_add(&options->machines, value);
		return 0;
	case ID_LINUX:
		strings_add(&options->kernels, value);
		return 0;
	case ID_APPEND:
		strings_add(&options->lines, value);
		return 0;
	case 'V':
		strings_add(&options->variants, value);
		return 0;
	case 'B':
		strings_add(&options->benches, value);
		return 0;
	case 'e':
		strings_add(&options->events, value);
		return 0;
	case 'b':
		return take_boots(request, value, error);
	case 'n':
		return parse_count("-n", value, 1, 10000000000, &options->windows, error);
	case 'j':
		return take_jobs(request, value, error);
	case ID_SEED:
		return take_seed(request, value, error);
	case ID_TIMEOUT:
		return parse_seconds("--timeout", value, &options->timeout, error);
	case 'o':
		request->dir = value;
		break;
	case ID_REFERENCE:
		request->reference = value;
		break;
	case ID_RESUME:
		request->resume = value;
		break;
	case ID_MANIFEST:
		request->manifest = value;
		break;
	case ID_DRY_RUN:
		request->dry_run = true;
		break;
	case ID_PROGRAM:
		take_program(options, value);
		break;
	case 'q':
		request->quiet = true;
		break;
	case 'v':
		request->verbose = true;
		break;
	}
	return 0;
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

/* --resume lays the plan that it finds: what would change it is refused rather than ignored. */
static int check(const struct run_request *request)
{
	const struct run_options *options = &request->options;

	if (request->dir && !request->dir[0])
		return command_fail(EXIT_USAGE, "run: -o needs a folder");
	if (request->resume &&
	    (request->dir || request->reference || request->seed_given || options->machines.count ||
	     options->variants.count || options->benches.count || options->boots ||
	     options->windows || options->timeout > 0 || options->qemu_args.count ||
	     options->events.count || options->kernels.count || options->lines.count ||
	     options->program.count))
		return command_fail(EXIT_USAGE,
				    "run: --resume goes with -j, --manifest, --dry-run, "
				    "-q and -v only: the folder says the rest");
	if (options->program.count &&
	    (options->benches.count || options->events.count || options->windows))
		return command_fail(EXIT_USAGE, "run: -B, -e and -n go with benchmarks, "
						"not with --program");
	if ((options->kernels.count || options->lines.count) && !names_linux(&options->machines))
		return command_fail(EXIT_USAGE,
				    "run: --linux and --append go with -m linux or -m linux-kvm");
	return -1;
}

static void free_request(struct run_request *request)
{
	strings_free(&request->options.machines);
	strings_free(&request->options.variants);
	strings_free(&request->options.benches);
	strings_free(&request->options.qemu_args);
	strings_free(&request->options.events);
	strings_free(&request->options.kernels);
	strings_free(&request->options.lines);
	strings_free(&request->options.program);
	strings_free(&request->command);
}

static void show(const struct run *run)
{
	struct rows rows;

	rows_fill(&rows, run);
	table_print(run, &rows, stdout, isatty(STDOUT_FILENO) && !getenv("NO_COLOR"));
	rows_free(&rows);
}

int main_run(const struct command *command, int argc, char **argv)
{
	struct run_request request = {.show = show};
	struct words words;
	int code;

	strings_add(&request.command, "entrybench");
	for (int i = 0; i < argc; i++)
		strings_add(&request.command, argv[i]);
	code = command_parse(command, argc, argv, take, &request, 0, &words);
	request.options.qemu_args = words.after;
	words.after = (struct strings){0};
	for (size_t i = 0; i < words.rest.count; i++)
		strings_add(&request.options.program, words.rest.at[i]);
	if (code < 0)
		code = check(&request);
	if (code < 0)
		code = run_execute(&request);
	words_free(&words);
	free_request(&request);
	return code;
}
