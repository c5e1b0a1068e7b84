/* The command `run`. */
#include "cli/cli.h"

#include "report/report.h"

static struct run_request request = {.seed = SEED_FRESH};
static const char *baseline;
static const char *shard;

/* The harness takes no more (bench/harness/options.c). */
#define WINDOWS_MAX 1000000000

/* -m names one of those machines. */
static bool names(bool (*is_one)(const struct machine *machine))
{
	const struct strings *machines = &request.options.machines;

	for (size_t i = 0; i < machines->count; i++) {
		const char *variant;
		const struct machine *machine = machine_of_words(machines->at[i], &variant);

		if (!machine || is_one(machine))
			return true;
	}
	return false;
}

/* --resume lays the plan that it finds: what would change it is refused rather than ignored. */
static int check_options(const struct run_options *options, struct error *error)
{
	unsigned part, parts;

	if (request.resume &&
	    (request.dir || request.reference || shard || request.seed != SEED_FRESH ||
	     options->machines.count || options->variants.count || options->benches.count ||
	     options->boots || options->windows || options->layouts || options->timeout > 0 ||
	     options->qemu_args.count || options->events.count || options->kernels.count ||
	     options->lines.count || options->program.count))
		return error_set(error, "--resume goes with --force, -j, --manifest, --dry-run, -q "
					"and -v only: the folder says the rest");
	if (request.force && !request.resume)
		return error_set(error, "--force goes with --resume");
	if (shard && !shard_parse(shard, &part, &parts))
		return error_set(error, "--shard I/N: give numbers up to 9999, I from 1 to N");
	if (shard && request.seed == SEED_FRESH)
		return error_set(error,
				 "--shard goes with --seed: all shards of a run need the same");
	if (options->program.count &&
	    (options->benches.count || options->events.count || options->windows))
		return error_set(error, "-B, -e and -n go with benchmarks, not with --program");
	if ((options->kernels.count || options->lines.count) && !names(machine_takes_kernels))
		return error_set(error, "--linux and --append go with -m linux or -m linux-*");
	/* Without -m some machine that QEMU runs is tried. */
	if (options->qemu_args.count && options->machines.count && !names(machine_is_qemu))
		return error_set(
		    error, "what stands behind -- goes to QEMU, which runs none of these machines");
	return 0;
}

static void print_plan(const struct run_result *result)
{
	const struct run *run = &result->run;
	const struct cell *before = NULL;

	printf("seed %" PRIu64 ", reference %s, results into %s\n", run->seed,
	       *run->reference ? run->reference : "by feature", result->dir);
	for_each(const struct run_machine, machine, run->machines, run->machine_count)
		printf("machine %s: %s, counts %s%s%s\n", machine->name, class_name(machine->class),
		       class_unit(machine->class), machine->available ? "" : "; cannot be used: ",
		       machine->available ? "" : machine->reason);
	for (size_t i = 0; i < result->plan.boots->len; i++) {
		const struct plan_boot *boot = result->plan.boots->pdata[i];

		printf("boot %u of %s on %s:", boot->number, boot->pair->variant->name,
		       boot->pair->machine->name);
		for (unsigned k = 0; k < boot->items->len; k++)
			printf(" %s", plan_item(boot, k)->bench->label);
		printf("\n");
	}
	for (const struct cell *cell = run->cells; cell < run->cells + run->cell_count; cell++) {
		/* One line for all benchmarks of a variant. */
		if (!cell->boots_wanted && !(before && !strcmp(before->variant, cell->variant) &&
					     !strcmp(before->machine, cell->machine) &&
					     !strcmp(before->reason, cell->reason)))
			printf("skipped: %s on %s: %s\n", cell->variant, cell->machine,
			       cell->reason);
		before = cell;
	}
	printf("%u boots, %zu cells\n", result->plan.boots->len, run->cell_count);
}

/* Every reason once. A missing program is a mistake, anything else is how this host is. */
static int say_nothing_runs(const struct run *run)
{
	g_autoptr(GHashTable) said = g_hash_table_new(g_str_hash, g_str_equal);
	int code = EXIT_NOTHING;

	for (size_t i = 0; i < run->machine_count; i++)
		if (probe_lacks_program(machine_find(run->machines[i].name)))
			code = EXIT_FAILED;
	for (size_t i = 0; i < run->cell_count; i++)
		if (g_hash_table_add(said, run->cells[i].reason))
			command_fail(code, "nothing can run: %s", run->cells[i].reason);
	if (!run->cell_count)
		command_fail(code, "nothing can run: no machine chosen has a variant and a "
				   "benchmark chosen (entrybench list shows all)");
	return code;
}

/* Machines that were asked for and gave no results. EXIT_OK, or EXIT_FAILED where there are any. */
static int say_missing(const struct run *run)
{
	const struct strings *names = &run->options.machines;
	g_autoptr(GHashTable) said = g_hash_table_new(g_str_hash, g_str_equal);
	int code = EXIT_OK;

	for (size_t i = 0; i < names->count; i++) {
		const char *glob, *name = machine_of_words(names->at[i], &glob)->name;
		g_autofree char *obstacle = run_machine_obstacle(run, name);

		if (obstacle && g_hash_table_add(said, (char *)name))
			code = command_fail(EXIT_FAILED, "no results from %s: %s", name, obstacle);
	}
	return code;
}

/* The exit code that the cells deserve. */
static int code_of_cells(const struct run *run)
{
	bool any[STATUS_PANICKED + 1] = {false};

	for (size_t i = 0; i < run->cell_count; i++)
		any[run->cells[i].status] = true;
	if (any[STATUS_FAILED] || any[STATUS_PANICKED])
		return EXIT_FAILED;
	if (any[STATUS_TIMEOUT])
		return EXIT_TIMEOUT;
	return any[STATUS_OK] ? EXIT_OK : EXIT_NOTHING;
}

char *lacking_calls(const struct boot *boot)
{
	static const char prefix[] = "enosys.";
	const struct pairs *counts = &boot->counts;
	g_autoptr(GString) text = g_string_new(NULL);

	for_each(const struct pair, count, counts->at, counts->count) {
		if (!g_str_has_prefix(count->name, prefix))
			continue;
		g_string_append_printf(text, "%s%s %s%s", text->len ? ", " : "",
				       count->name + strlen(prefix),
				       strcmp(count->value, "1") ? count->value : "once",
				       strcmp(count->value, "1") ? " times" : "");
	}
	return g_strdup(text->str);
}

/* What programs can never do on the core: the list of calls alone does not say it. */
static void say_what_is_out(const char *lacking)
{
	static const char *const calls[] = {"clone", "fork", "execve", "socket"};

	for (size_t i = 0; i < G_N_ELEMENTS(calls); i++)
		if (strstr(lacking, calls[i])) {
			remark("the core runs one process without a network: what forks, executes "
			       "or connects needs -m linux or -m native");
			return;
		}
}

/* How the program ended in each cell. */
static void show_ends(const struct run *run)
{
	for_each(const struct cell, cell, run->cells, run->cell_count) {
		g_autofree char *lacking =
		    cell->boot_count ? lacking_calls(&cell->boots[0]) : g_strdup("");
		bool add = cell->status == STATUS_OK && lacking[0];

		remark("%s %s: %s%s%s%s%s", cell->machine, cell->variant, status_name(cell->status),
		       cell->reason[0] ? ": " : "", cell->reason, add ? "; lacking: " : "",
		       add ? lacking : "");
		say_what_is_out(lacking);
	}
}

/* The number of a signal as the kernel's record names it: "SIGSEGV", "signal 40"; 0: none. */
static int signal_number(const char *name)
{
	if (g_str_has_prefix(name, "signal "))
		return atoi(name + strlen("signal "));
	for (int number = 1; number < SIGRTMIN; number++) {
		const char *known = sigabbrev_np(number);

		if (known && g_str_has_prefix(name, "SIG") && !strcmp(name + 3, known))
			return number;
	}
	return 0;
}

/* After a single boot of a user's program: its exit code as a shell gives it; else -1. */
static int code_of_program(const struct run *run)
{
	const struct boot *boot;
	int number;

	if (!run->options.program.count || run->cell_count != 1 || run->cells[0].boot_count != 1)
		return -1;
	boot = &run->cells[0].boots[0];
	number = boot->signal ? signal_number(boot->signal) : 0;
	if (boot->status == STATUS_TIMEOUT)
		return -1;
	if (number)
		return 128 + number;
	return isfinite(boot->exit_status) ? (int)boot->exit_status : -1;
}

/* The table; of a program of the user's how it ended in each cell. */
static int show(const struct run_result *result)
{
	const struct run *run = &result->run;
	int code = code_of_program(run);
	g_auto(rows_t) rows = {0};

	if (code < 0)
		code = code_of_cells(run);
	if (run->options.program.count) {
		show_ends(run);
	} else {
		rows_fill(&rows, run);
		report_print(run, &rows, false, stdout, table_style_of(stdout));
	}
	remark("results are in %s; entrybench report %s draws them", result->dir, result->dir);
	return say_missing(run) ? code ?: EXIT_FAILED : code;
}

int run_to_end(struct run_request *wanted, struct run_result *result, struct error *error)
{
	switch (run_execute(wanted, result, error)) {
	case RUN_FAILED:
		return EXIT_FAILED;
	case RUN_MISUSED:
		return EXIT_USAGE;
	case RUN_PLANNED:
		print_plan(result);
		return EXIT_OK;
	case RUN_NOTHING:
		return say_nothing_runs(&result->run);
	case RUN_INTERRUPTED:
		if (result->dir)
			error_set(error,
				  "interrupted; %zu boots are kept: entrybench run --resume %s",
				  result->boots_done, result->dir);
		return EXIT_INTERRUPTED;
	case RUN_DONE:
		break;
	}
	return -1;
}

static int main_run(const struct words *words, struct error *error)
{
	struct run_result result = {0};
	struct strings *program = &request.options.program;
	int code;

	strings_add(&request.command, "entrybench");
	strings_copy(&request.command, &words->all);
	strings_copy(&request.options.qemu_args, &words->qemu);
	/* --resume may be called from elsewhere. */
	if (program->count) {
		g_autofree char *given = program->at[0];

		program->at[0] = g_canonicalize_filename(given, NULL);
	}
	if (check_options(&request.options, error))
		return EXIT_USAGE;
	run_set(&request.options.shard, shard ?: "");
	code = run_to_end(&request, &result, error);
	if (code < 0 && baseline && baseline_save(&result.run, baseline, error))
		code = EXIT_FAILED;
	if (code < 0)
		code = show(&result);
	run_result_free(&result);
	return code;
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
	    {'V', "variant", "GLOB,...", "variants (default: all but the extra ones, see list)",
	     .list = &OPTIONS.variants},
	    {'B', "bench", "GLOB,...", "benchmarks, NAME or NAME:PARAM (default: all)",
	     .list = &OPTIONS.benches},
	    {'e', "event", "NAME,...", "events to count, named as by libpfm4 (native, kvm)",
	     .list = &OPTIONS.events},
	    {0, "linux", "FILE[=NAME]", "kernel of machines linux, linux-*; may be repeated",
	     .lines = &OPTIONS.kernels},
	    {0, "append", "LINE", "kernel line for them; may be repeated", .lines = &OPTIONS.lines},
	    {0, "reference", "VARIANT", "compare all with this (default: by feature)",
	     .text = &request.reference},
	    {0, "program", "FILE [ARG]...", "a static program and its words, up to a last --",
	     .rest = &OPTIONS.program},
	    {.help = "How much"},
	    {'b', "boots", "N", "boots of each cell (default: the machine's)",
	     .count = &OPTIONS.boots, .least = 1, .most = 10000},
	    {'n', "samples", "N", "windows a boot (default: 10000, emulators 16)",
	     .number = &OPTIONS.windows, .least = 1, .most = WINDOWS_MAX},
	    {0, "layouts", "N", "places of timed loops and entry code (ninja layouts)",
	     .count = &OPTIONS.layouts, .least = 2, .most = 64},
	    {'j', "jobs", "N", "guests at once (default: CPUs, silicon one less)",
	     .count = &request.jobs, .least = 1, .most = 1024},
	    {0, "timeout", "S", "seconds a boot (default: 60, bochs 120)",
	     .seconds = &OPTIONS.timeout},
	    {0, "seed", "N", "order of boots and benchmarks (default: a new one)",
	     .number = &request.seed, .most = UINT32_MAX},
	    {0, "shard", "I/N", "only this part of the plan, for entrybench merge", .text = &shard},
	    {.help = "Where to, and how loud"},
	    {'o', "output", "DIR", "results folder (default: results/DATE-TIME)",
	     .text = &request.dir},
	    {0, "save-baseline", "NAME", "keep it to be compared with: compare --baseline NAME",
	     .text = &baseline},
	    {0, "resume", "DIR", "do what an earlier run left undone or failed to do",
	     .text = &request.resume},
	    {0, "force", NULL, "resume with another tool, host or program", .flag = &request.force},
	    {0, "dry-run", NULL, "print the plan; boot nothing but probes",
	     .flag = &request.dry_run},
	    {0, "bochs", "FILE", "machine bochs' program (or $EB_BOCHS)", .variable = "EB_BOCHS"},
	    MANIFEST_OPTION(&request.manifest),
	    {'q', "quiet", NULL, "no progress, no remarks", .flag = &request.quiet},
	    {'v', "verbose", NULL, "a line on stderr for each boot", .flag = &request.verbose},
	    {0},
	},
    .qemu = true,
    .main = main_run,
};
