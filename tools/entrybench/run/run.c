/* One run from request to table: see run.h. */
#include "run/run.h"
#include "base/signals.h"
#include "host/facts.h"
#include "run/kernels.h"
#include "run/probe.h"
#include "run/program.h"
#include "run/version.h"
#include "model/summary.h"
#include "model/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Seconds of a run in which boots may wait until nobody shares the core (machine native). */
#define PATIENCE 1.5

static int fail(const struct session *session, int code)
{
	if (session->error.text[0])
		fprintf(stderr, "entrybench: %s\n", session->error.text);
	return code;
}

static void copy_strings(struct strings *to, const struct strings *from)
{
	for (size_t i = 0; i < from->count; i++)
		strings_add(to, from->at[i]);
}

static void describe(struct session *session)
{
	const struct run_request *request = session->request;
	struct run *run = &session->run;

	run_set(&run->tool.version, ENTRYBENCH_VERSION);
	run_set(&run->tool.git, ENTRYBENCH_GIT);
	store_time(&run->started);
	copy_strings(&run->command, &request->command);
	run->seed = request->seed == SEED_FRESH ? plan_fresh_seed() : request->seed;
	run->options.boots = request->options.boots;
	run->options.windows = request->options.windows;
	run->options.timeout = request->options.timeout;
	copy_strings(&run->options.machines, &request->options.machines);
	copy_strings(&run->options.variants, &request->options.variants);
	copy_strings(&run->options.benches, &request->options.benches);
	copy_strings(&run->options.qemu_args, &request->options.qemu_args);
	copy_strings(&run->options.events, &request->options.events);
	copy_strings(&run->options.kernels, &request->options.kernels);
	copy_strings(&run->options.lines, &request->options.lines);
	copy_strings(&run->options.program, &request->options.program);
	host_facts_read(&run->host);
}

/* A reference that is named is run even where no glob selects it. */
static int choose_reference(struct session *session)
{
	const char *name = session->request->reference;
	const struct variant *reference;

	if (!session->manifest.variant_count)
		return error_set(&session->error, "%s has no variants: build them first",
				 session->manifest.path);
	if (!name)
		return 0;
	reference = selection_variant(&session->manifest, name, &session->error);
	if (!reference)
		return -1;
	run_set(&session->run.reference, reference->name);
	selection_add_variant(&session->selection, reference);
	return 0;
}

static int parse_events(struct session *session, const struct strings *lists)
{
	for (size_t i = 0; i < lists->count; i++)
		if (pmu_parse(lists->at[i], &session->events, &session->error))
			return -1;
	return 0;
}

/* What the user brings along, as if the build had made it. */
static int add_to_manifest(struct session *session, const struct run_options *options)
{
	if (parse_events(session, &options->events) ||
	    kernels_add(&session->manifest, &options->kernels, &options->lines, &session->error))
		return -1;
	return program_add(&session->manifest, &options->program, &session->error);
}

/* 0, or the exit code. */
static int prepare_new(struct session *session)
{
	const struct run_options *options = &session->request->options;
	char *program_names[] = {MANIFEST_PROGRAM};
	const struct strings only_program = {program_names, 1};
	int code;

	if (add_to_manifest(session, options) ||
	    selection_make(&session->selection, &session->manifest, &options->variants,
			   options->program.count ? &only_program : &options->benches,
			   &session->error) ||
	    choose_reference(session) || session_select_named(session))
		return 2;
	describe(session);
	code = session_choose_machines(session);
	if (code)
		return code;
	session_lay_cells(session);
	session->dir =
	    session->request->dir ? memory_copy(session->request->dir) : store_default_dir();
	return 0;
}

static int prepare_resumed(struct session *session)
{
	const struct strings all = {0};

	session->dir = memory_copy(session->request->resume);
	run_free(&session->run);
	if (run_load(&session->run, session->dir, &session->error) ||
	    add_to_manifest(session, &session->run.options) ||
	    selection_make(&session->selection, &session->manifest, &all, &all, &session->error))
		return 2;
	session_take_up(session);
	return 0;
}

/* Every reason once. A missing program is a mistake, anything else is how this host is. */
static int nothing_to_run(const struct session *session)
{
	const struct run *run = &session->run;
	bool lacks_program = false;
	struct strings said = {0};

	for (size_t i = 0; i < run->machine_count; i++)
		lacks_program |= probe_lacks_program(machine_find(run->machines[i].name));
	for (size_t i = 0; i < run->cell_count; i++) {
		const struct cell *cell = &run->cells[i];

		if (strings_have(&said, cell->reason))
			continue;
		fprintf(stderr, "entrybench: nothing can run: %s\n", cell->reason);
		strings_add(&said, cell->reason);
	}
	if (!run->cell_count)
		fprintf(stderr,
			"entrybench: nothing can run: no machine chosen has a variant and a "
			"benchmark chosen (entrybench list shows all)\n");
	strings_free(&said);
	return lacks_program ? 1 : EXIT_NOTHING;
}

/* Machines that were asked for by name, and will be missed. */
static void say_unavailable(const struct session *session)
{
	for (size_t i = 0; i < session->run.machine_count; i++) {
		const struct run_machine *machine = &session->run.machines[i];

		if (!machine->available && session->request->options.machines.count)
			session_say(session, "%s cannot be used: %s", machine->name,
				    machine->reason);
	}
}

int run_exit_code(const struct run *run)
{
	bool failed = false, timeout = false, ok = false;

	for (size_t i = 0; i < run->cell_count; i++) {
		enum cell_status status = run->cells[i].status;

		failed |= status == STATUS_FAILED || status == STATUS_PANICKED;
		timeout |= status == STATUS_TIMEOUT;
		ok |= status == STATUS_OK;
	}
	if (failed)
		return 1;
	if (timeout)
		return EXIT_TIMEOUT;
	return ok ? 0 : EXIT_NOTHING;
}

static bool has_class(const struct session *session, enum machine_class class)
{
	for (size_t i = 0; i < session->pair_count; i++)
		if (((const struct machine *)session->pairs[i].machine)->class == class)
			return true;
	return false;
}

/* Guests on silicon first and alone: emulators at full load would disturb them. */
static int do_work(struct session *session)
{
	int code = 0;

	if (kit_open(&session->kit, session->manifest.init, session->selection.cases,
		     session->selection.case_count, &session->run.options.qemu_args,
		     &session->error))
		return 1;
	session->kit.events = &session->events;
	session->started = clock_seconds();
	session->patience = PATIENCE;
	if (has_class(session, CLASS_SILICON))
		code = session_work(session, CLASS_SILICON);
	if (code == 0 && session_extend(session))
		code = session_work(session, CLASS_SILICON);
	if (code == 0 && session->error.text[0])
		code = 1;
	if (code == 0 && has_class(session, CLASS_DETERMINISTIC))
		code = session_work(session, CLASS_DETERMINISTIC);
	progress_clear(session);
	kit_close(&session->kit);
	return code;
}

/* All boots are done, or no more can be. */
static int finish(struct session *session, int code)
{
	struct run *run = &session->run;

	if (code == 1)
		return fail(session, 1);
	summary_fill(run);
	if (code == 0)
		store_time(&run->finished);
	if (journal_close(&session->journal, run, session->dir, &session->error))
		return fail(session, 1);
	if (code == EXIT_INTERRUPTED) {
		fprintf(stderr,
			"entrybench: interrupted; %zu boots are kept: entrybench run --resume %s\n",
			session->done, session->dir);
		return code;
	}
	if (run->options.program.count)
		program_say_ends(session);
	else
		session->request->show(run);
	session_say(session, "results are in %s; entrybench report %s draws them", session->dir,
		    session->dir);
	return run_exit_code(run);
}

static int execute(struct session *session)
{
	const struct run_request *request = session->request;
	int code;

	if (manifest_load(&session->manifest, request->manifest, &session->error))
		return fail(session, 1);
	machine_add_variants(&session->manifest);
	code = request->resume ? prepare_resumed(session) : prepare_new(session);
	if (code)
		return fail(session, code);
	if (session_lay_plan(session))
		return fail(session, 1);
	if (request->dry_run) {
		session_print_plan(session);
		return 0;
	}
	if (!session->pair_count)
		return nothing_to_run(session);
	say_unavailable(session);
	code = request->resume ? store_reopen(session->dir, &session->error)
			       : store_create(session->dir, &session->error);
	if (code || journal_open(&session->journal, &session->run, session->dir, &session->error))
		return fail(session, 1);
	return finish(session, do_work(session));
}

static void session_free(struct session *session)
{
	session_drop_plan(session);
	free(session->dir);
	pmu_events_free(&session->events);
	journal_free(&session->journal);
	selection_free(&session->selection);
	manifest_free(&session->manifest);
	run_free(&session->run);
}

int run_execute(const struct run_request *request)
{
	struct session session = {.request = request};
	int code;

	signals_open();
	process_adopt_orphans();
	run_init(&session.run);
	code = execute(&session);
	session_free(&session);
	return code;
}
