/* One run from request to summary. */
#include "run/run.h"

#include <sys/stat.h>
#include <unistd.h>

#include "run/version.h"

static void describe(struct run_request *request, struct run *run)
{
	run_set(&run->tool.version, ENTRYBENCH_VERSION);
	run_set(&run->tool.git, ENTRYBENCH_GIT);
	store_time(&run->started);
	run->command = request->command;
	run->options = request->options;
	request->command = (struct strings){0};
	request->options = (struct run_options){0};
	run->seed = request->seed == SEED_FRESH ? plan_fresh_seed() : request->seed;
	host_facts_read(&run->host);
}

/* A reference that is named is run even where no glob selects it. */
static int choose_reference(struct run_result *result, const char *name, struct error *error)
{
	const struct manifest *manifest = &result->manifest;
	const struct variant *reference;

	if (!manifest->variant_count)
		return error_set(error, "%s has no variants: build them first", manifest->path);
	if (!name)
		return 0;
	reference = selection_variant(manifest, name, error);
	if (!reference)
		return -1;
	run_set(&result->run.reference, reference->name);
	selection_add_variant(&result->selection, reference);
	return 0;
}

/* What the user brings along, as if the build had made it. */
static int add_to_manifest(struct manifest *manifest, const struct run_options *options,
			   struct pmu_events *events, struct error *error)
{
	for (size_t i = 0; i < options->events.count; i++)
		if (pmu_parse(options->events.at[i], events, error))
			return -1;
	if (kernels_add(manifest, &options->kernels, &options->lines, error))
		return -1;
	return program_add(manifest, &options->program, error);
}

/* RUN_PLANNED: there are cells. */
static enum run_end prepare_new(struct run_request *request, struct run_result *result,
				struct pmu_events *events, struct error *error)
{
	struct run *run = &result->run;
	const struct run_options *options = &run->options;
	struct selection *selection = &result->selection;
	char *program_names[] = {MANIFEST_PROGRAM};
	const struct strings only_program = {program_names, 1};

	describe(request, run);
	if (add_to_manifest(&result->manifest, options, events, error) ||
	    selection_make(selection, &result->manifest, &options->variants,
			   options->program.count ? &only_program : &options->benches, error) ||
	    choose_reference(result, request->reference, error) ||
	    choose_named_variants(selection, &result->manifest, &options->machines, error))
		return RUN_MISUSED;
	if (!choose_machines(run, &result->manifest, selection, events))
		return RUN_INTERRUPTED;
	cells_lay(run, selection);
	return RUN_PLANNED;
}

static enum run_end prepare_resumed(const struct run_request *request, struct run_result *result,
				    struct pmu_events *events, struct error *error)
{
	const struct strings all = {0};

	run_free(&result->run);
	if (run_load(&result->run, request->resume, error) ||
	    add_to_manifest(&result->manifest, &result->run.options, events, error) ||
	    selection_make(&result->selection, &result->manifest, &all, &all, error))
		return RUN_MISUSED;
	cells_take_up(&result->run);
	return RUN_PLANNED;
}

/* A folder under results/ that is this process's own: another one may take the same name at the same moment. */
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
		       struct journal *journal, struct error *error)
{
	bool fresh = !request->dir && !request->resume;

	if (fresh ? make_default_folder(&result->dir, error) : folder_make(result->dir, error))
		return -1;
	if (folder_lock(result->dir, error))
		return -1;
	if (request->resume ? store_reopen(result->dir, error) : store_create(result->dir, error))
		return -1;
	return journal_open(journal, &result->run, result->dir, error);
}

char *run_machine_obstacle(const struct run *run, const char *name)
{
	const struct run_machine *machine = run_find_machine(run, name);
	const char *reason = "none of the variants and benchmarks chosen is for it";

	if (machine && !machine->available)
		return g_strdup(machine->reason);
	for (size_t i = 0; i < run->cell_count; i++) {
		const struct cell *cell = &run->cells[i];

		if (strcmp(cell->machine, name) != 0)
			continue;
		if (cell->boots_wanted)
			return NULL;
		reason = cell->reason;
	}
	return g_strdup(reason);
}

static enum run_end work(const struct run_request *request, struct run_result *result,
			 const struct pmu_events *events, struct error *error)
{
	struct run *run = &result->run;
	struct journal journal = {0};
	struct work work = {.run = run,
			    .journal = &journal,
			    .plan = &result->plan,
			    .manifest = &result->manifest,
			    .selection = &result->selection,
			    .events = events,
			    .dir = result->dir,
			    .jobs = request->jobs,
			    .may_extend = !run->options.boots && !request->resume,
			    .verbose = request->verbose};
	int code = open_folder(request, result, &journal, error) ? 1 : work_do(&work, error);

	result->boots_done = work.done;
	if (code != 1)
		summary_fill(run);
	if (code == 0)
		store_time(&run->finished);
	if (code != 1 && journal_close(&journal, run, result->dir, error))
		code = 1;
	journal_free(&journal);
	if (code == 1)
		return RUN_FAILED;
	return code ? RUN_INTERRUPTED : RUN_DONE;
}

static enum run_end execute(struct run_request *request, struct run_result *result,
			    struct pmu_events *events, struct error *error)
{
	enum run_end end;

	if (manifest_load(&result->manifest, request->manifest, error))
		return RUN_FAILED;
	machine_add_variants(&result->manifest);
	end = request->resume ? prepare_resumed(request, result, events, error)
			      : prepare_new(request, result, events, error);
	if (end != RUN_PLANNED)
		return end;
	if (plan_of_run(&result->plan, &result->run, &result->manifest, &result->selection, error))
		return RUN_FAILED;
	result->dir = request->resume ? g_strdup(request->resume)
		      : request->dir  ? g_strdup(request->dir)
				      : store_default_dir();
	if (request->dry_run)
		return RUN_PLANNED;
	if (!result->plan.pairs->len)
		return RUN_NOTHING;
	/* A program of the user's that runs once has the terminal to itself. */
	progress_open(request->quiet,
		      !result->run.options.program.count || result->plan.boots->len != 1);
	return work(request, result, events, error);
}

enum run_end run_execute(struct run_request *request, struct run_result *result,
			 struct error *error)
{
	struct pmu_events events = {0};
	enum run_end end;

	signals_open();
	process_adopt_orphans();
	progress_open(request->quiet, false);
	run_init(&result->run);
	end = execute(request, result, &events, error);
	pmu_events_free(&events);
	return end;
}

void run_result_free(struct run_result *result)
{
	plan_clear(&result->plan);
	selection_free(&result->selection);
	manifest_free(&result->manifest);
	run_free(&result->run);
	g_free(result->dir);
}
