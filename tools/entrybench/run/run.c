/* One run from request to summary. */
#include "run/run.h"

#include <sys/stat.h>

#include "run/version.h"

/* So long one looks how busy the CPUs are. */
#define WATCH_SECONDS 0.2

static void keep_warning(void *warnings, const char *code, const char *text,
			 G_GNUC_UNUSED const char *remedy)
{
	pairs_add(warnings, code, text);
}

static void describe(struct run_request *request, struct run *run)
{
	struct host_state state;

	run_set(&run->tool.version, ENTRYBENCH_VERSION);
	run_set(&run->tool.git, ENTRYBENCH_GIT);
	store_time(&run->started);
	run->command = request->command;
	fields_free(run_options_shape(), &run->options);
	run->options = request->options;
	if (!run->options.shard)
		run_set(&run->options.shard, "");
	request->command = (struct strings){0};
	request->options = (struct run_options){0};
	run->seed = request->seed == SEED_FRESH ? g_random_int() : request->seed;
	host_facts_read(&run->host);
	host_state_read(&state, WATCH_SECONDS);
	host_judge(&run->host, &state, keep_warning, &run->host.warnings);
	host_state_free(&state);
}

/* What the user brings along, as if the build had made it. */
static int add_to_manifest(struct run_result *result, struct error *error)
{
	const struct run_options *options = &result->run.options;

	for (size_t i = 0; i < options->events.count; i++)
		if (pmu_parse(options->events.at[i], &result->events, error))
			return -1;
	if (kernels_add(&result->manifest, &options->kernels, &options->lines, error))
		return -1;
	return program_add(&result->manifest, &options->program, error);
}

/* A reference that is named is run even where no glob selects it. */
static int select_all(struct run_result *result, const char *reference, struct error *error)
{
	const struct manifest *manifest = &result->manifest;
	const struct run_options *options = &result->run.options;
	struct selection *selection = &result->selection;
	const struct strings only_program = {(char *[]){MANIFEST_PROGRAM}, 1};

	if (selection_make(selection, manifest, &options->variants,
			   options->program.count ? &only_program : &options->benches, error))
		return -1;
	if (!manifest->variant_count)
		return error_set(error, "%s has no variants: build them first", manifest->path);
	if (reference && selection_add_variant(selection, manifest, reference, error))
		return -1;
	run_set(&result->run.reference, reference ?: "");
	return selection_add_named(selection, manifest, &options->machines, error);
}

/* RUN_PLANNED: there are cells. */
static enum run_end prepare_new(struct run_request *request, struct run_result *result,
				struct error *error)
{
	describe(request, &result->run);
	if (add_to_manifest(result, error) || select_all(result, request->reference, error))
		return RUN_MISUSED;
	if (!choose_machines(result))
		return RUN_INTERRUPTED;
	for (size_t i = 0; i < result->run.machine_count && !request->dry_run; i++) {
		const char *name = result->run.machines[i].name;

		if (!machine_find(name)->away)
			continue;
		error_set(error,
			  "machine %s runs by itself: entrybench image makes what it boots, "
			  "entrybench collect takes its results",
			  name);
		return RUN_MISUSED;
	}
	cells_lay(&result->run, &result->selection);
	provenance_note(result);
	return RUN_PLANNED;
}

/* What ran on another machine depends on nothing here. */
static int check_resumed(const struct run_request *request, struct run_result *result,
			 struct error *error)
{
	const struct run *run = &result->run;
	const struct machine *first =
	    run->machine_count ? machine_find(run->machines[0].name) : NULL;

	if (!first || !first->away)
		return provenance_check(request, result, error);
	if (!request->stream && !request->dry_run)
		return error_set(error,
				 "%s is of a machine that runs by itself: entrybench collect",
				 request->resume);
	return 0;
}

static enum run_end prepare_resumed(const struct run_request *request, struct run_result *result,
				    struct error *error)
{
	const struct strings all = {0};

	run_free(&result->run);
	if (run_load_file(&result->run, request->resume, error) || add_to_manifest(result, error) ||
	    selection_make(&result->selection, &result->manifest, &all, &all, error) ||
	    check_resumed(request, result, error))
		return RUN_MISUSED;
	cells_take_up(&result->run);
	return RUN_PLANNED;
}

/* A folder under results/ of this process's own; another may take the name at the same time. */
static int make_default_folder(char **dir, struct error *error)
{
	if (folder_make("results", error))
		return -1;
	while (mkdir(*dir, 0777)) {
		if (errno != EEXIST)
			return error_set(error, "cannot make folder %s: %s", *dir, strerror(errno));
		g_free(*dir);
		*dir = store_default_dir();
	}
	return 0;
}

/* The folder for this process alone, and in it the run as it is now. */
static int open_folder(const struct run_request *request, struct run_result *result,
		       struct error *error)
{
	bool again = request->resume && !request->stream;
	bool fresh = !request->dir && !again;

	if (fresh ? make_default_folder(&result->dir, error) : folder_make(result->dir, error))
		return -1;
	if (folder_lock(result->dir, error))
		return -1;
	if (again ? store_reopen(result->dir, error) : store_create(result->dir, error))
		return -1;
	return journal_open(&result->journal, &result->run, result->dir, error);
}

char *run_machine_obstacle(const struct run *run, const char *name)
{
	const struct run_machine *machine = run_find_machine(run, name);
	const char *reason = "none of the variants and benchmarks chosen is for it";

	if (machine && !machine->available)
		return g_strdup(machine->reason);
	for_each(const struct cell, cell, run->cells, run->cell_count) {
		if (strcmp(cell->machine, name) != 0)
			continue;
		if (cell->boots_wanted)
			return NULL;
		reason = cell->reason;
	}
	return g_strdup(reason);
}

static enum run_end work(const struct run_request *request, struct run_result *result,
			 struct error *error)
{
	struct run *run = &result->run;
	int code = open_folder(request, result, error) ? 1 : work_do(result, request, error);

	if (code == 1)
		return RUN_FAILED;
	summary_fill(run);
	if (code == 0)
		store_time(&run->finished);
	if (journal_close(&result->journal, run, result->dir, error))
		return RUN_FAILED;
	return code ? RUN_INTERRUPTED : RUN_DONE;
}

/* Says of cells that have nothing to do here that it is so. */
static void mark_others(struct run *run)
{
	for_each(struct cell, cell, run->cells, run->cell_count) {
		bool here = !cell->boots_wanted;

		for (unsigned boot = 0; boot < cell->boots_wanted && !here; boot++)
			here = shard_has(run, cell->class, cell->number, boot);
		if (!here)
			run_set(&cell->reason, "in another shard of this run");
	}
}

enum run_end run_execute(struct run_request *request, struct run_result *result,
			 struct error *error)
{
	enum run_end end;

	signals_open();
	process_adopt_orphans();
	progress_open(request->quiet, false);
	run_init(&result->run);
	if (manifest_open(&result->manifest, request->manifest, error))
		return RUN_FAILED;
	end = request->resume ? prepare_resumed(request, result, error)
			      : prepare_new(request, result, error);
	if (end != RUN_PLANNED)
		return end;
	if (plan_of_run(&result->plan, &result->run, &result->manifest, &result->selection, error))
		return RUN_FAILED;
	mark_others(&result->run);
	if (request->stream && streams_take(result, request, error))
		return RUN_FAILED;
	result->dir = g_strdup(request->stream ? request->dir : request->resume ?: request->dir);
	if (!result->dir)
		result->dir = store_default_dir();
	if (request->dry_run)
		return RUN_PLANNED;
	if (!result->plan.pairs->len)
		return RUN_NOTHING;
	/* A program of the user's that runs once has the terminal to itself. */
	progress_open(request->quiet,
		      !result->run.options.program.count || result->plan.boots->len != 1);
	return work(request, result, error);
}

void run_result_free(struct run_result *result)
{
	journal_free(&result->journal);
	plan_clear(&result->plan);
	selection_free(&result->selection);
	pmu_events_free(&result->events);
	manifest_free(&result->manifest);
	run_free(&result->run);
	g_free(result->dir);
}
