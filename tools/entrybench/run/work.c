/* Boots what is planned and takes the results into the run and its folder. */
#include "run/run.h"

/* Seconds of a run in which boots may wait until nobody shares the core (machine native). */
#define SECONDS_TO_WAIT 1.5

/* Guests of one class, after those of the other. */
struct worker {
	struct work *work;
	struct run *run;
	struct error *error;
	struct kit kit;
	enum machine_class class;
	unsigned next;		/* boot of the plan */
	size_t earlier;		/* guests of a plan before this one */
	double started;		/* seconds of CLOCK_MONOTONIC */
	double seconds_to_wait; /* that are left */
	struct cpu_share cpus;
	bool failed; /* error is set */
};

static struct cell *cell_of(const struct worker *worker, const struct plan_boot *boot, unsigned i)
{
	size_t index = g_array_index(boot->cases, size_t, i);

	return run_find_cell(worker->run, boot->pair->machine->name, boot->pair->variant->name,
			     worker->work->selection->cases[index].label);
}

/* The cell has got a boot. */
static void update(struct worker *worker, struct cell *cell)
{
	cell_judge(cell);
	if (!worker->failed)
		worker->failed =
		    journal_add(worker->work->journal, worker->run, cell, worker->error) != 0;
}

/* The path of the boot's log in the results folder. */
static char *log_path(const struct plan_boot *boot)
{
	g_autofree char *number = g_strdup_printf("%u", boot->number);
	g_autofree char *part = boot->part ? g_strdup_printf("%u", boot->part) : NULL;
	g_autofree char *name = path_safe_parts(boot->pair->machine->name,
						boot->pair->variant->name, number, part, NULL);

	return g_strdup_printf(STORE_LOGS "/%s.log", name);
}

/* The guest could not even be started: that is its cells' failure, not the run's. */
static bool fail_to_start(struct worker *worker, const struct plan_boot *boot, const char *reason)
{
	for (unsigned i = 0; i < boot->cases->len; i++) {
		struct cell *cell = cell_of(worker, boot, i);
		struct boot *failed = cell_add_boot(cell, boot->number);

		failed->status = STATUS_FAILED;
		run_set(&failed->reason, reason);
		update(worker, cell);
	}
	worker->work->done++;
	return !worker->failed;
}

/* What a program of the user's prints goes straight to stdout where the run has a single boot. */
static void listen_to_program(const struct worker *worker, struct guest *guest)
{
	if (!worker->run->options.program.count)
		return;
	if (worker->work->plan->boots->len == 1)
		printed_pass_on(&guest->printed, stdout);
	else
		printed_keep(&guest->printed);
}

static void show_printed(const struct plan_boot *boot, struct guest *guest)
{
	if (!guest->printed.keeps)
		return;
	progress_clear();
	printf("==> %s %s, boot %u <==\n", boot->pair->machine->name, boot->pair->variant->name,
	       boot->number);
	printed_show(&guest->printed, stdout);
}

static struct guest *start(struct worker *worker, const struct plan_boot *boot, unsigned slot,
			   struct error *error)
{
	const struct run_options *options = &worker->run->options;
	const struct machine *machine = boot->pair->machine;
	struct sample_sizes sizes = sizes_for(machine->class, options->windows ?: machine->windows);
	double timeout = options->timeout > 0 ? options->timeout : machine->timeout;
	struct guest *guest = g_new0(struct guest, 1);
	g_autofree char *path = log_path(boot);
	g_autofree char *log = g_build_filename(worker->work->dir, path, NULL);

	if (machine->repeats)
		sizes.repeats = machine->repeats;
	guest_init(guest, machine, boot->pair->variant, timeout);
	guest->context = boot;
	guest->request.cpu = worker->cpus.kept ? worker->cpus.kept[slot] : -1;
	listen_to_program(worker, guest);
	if (kit_guest(&worker->kit, guest, worker->work->selection->cases,
		      (const size_t *)(void *)boot->cases->data, boot->cases->len, sizes,
		      error) == 0) {
		if (machine->boots_together && guest->request.cpu >= 0)
			worker->seconds_to_wait -=
			    core_share_wait(guest->request.cpu, worker->seconds_to_wait);
		if (guest_start(guest, log, error) == 0)
			return guest;
	}
	guest_free(guest);
	g_free(guest);
	return NULL;
}

static struct guest *next_guest(void *context, unsigned slot)
{
	struct worker *worker = context;
	const GPtrArray *boots = worker->work->plan->boots;

	while (worker->next < boots->len) {
		const struct plan_boot *boot = boots->pdata[worker->next++];
		struct error error;
		struct guest *guest;

		if (boot->pair->machine->class != worker->class)
			continue;
		guest = start(worker, boot, slot, &error);
		if (guest)
			return guest;
		/* A folder that cannot be written stops everything. */
		if (!fail_to_start(worker, boot, error.text))
			return NULL;
	}
	return NULL;
}

/*
 * A guest that died takes only the program with it that was running. What had not begun gets a guest of
 * its own, as long as each guest gets at least one program done with.
 */
static bool put_off(const struct guest *guest, const struct guest_program *program)
{
	bool any_begun = false;

	for (int i = 0; i < guest->program_count; i++)
		any_begun |= guest->programs[i].begun;
	return any_begun && !program->begun &&
	       (guest->status == STATUS_TIMEOUT || guest->status == STATUS_PANICKED ||
		(guest->status == STATUS_FAILED && guest->end == GUEST_BROKEN));
}

/* How the program ended. Calls that the core lacks are counts of the boot: "enosys.NAME". */
static void note_end(const struct guest *guest, size_t number, struct boot *boot)
{
	const struct program_end *end = kernel_program_end(&guest->kernel, number);

	if (!end)
		return;
	boot->exit_status = end->status;
	run_set(&boot->signal, end->signal);
	for (size_t i = 0; i < end->missing.count; i++) {
		g_autofree char *name = g_strconcat("enosys.", end->missing.at[i].name, NULL);

		pairs_add(&boot->counts, name, end->missing.at[i].value);
	}
}

static int take_program(struct worker *worker, const struct guest *guest, unsigned i,
			const char *log)
{
	const struct plan_boot *planned = guest->context;
	const struct guest_program *program = &guest->programs[i];
	struct cell *cell = cell_of(worker, planned, i);
	struct boot *boot = cell_add_boot(cell, planned->number);
	int result = 0;

	run_set(&boot->log, log);
	if (program->status == STATUS_OK && program->collector)
		collector_finish(program->collector, cell->class, guest->machine->interrupted,
				 boot);
	else
		boot->status = program->status;
	note_end(guest, i, boot);
	events_fill(boot, worker->work->events);
	if (program->status != STATUS_OK)
		run_set(&boot->reason, program->reason);
	if (boot->status == STATUS_OK && program->collector)
		result = store_samples(worker->work->dir, cell, boot,
				       collector_windows(program->collector), worker->error);
	update(worker, cell);
	return result;
}

static bool take_results(struct worker *worker, struct guest *guest)
{
	const struct plan_boot *boot = guest->context;
	GArray *rest = g_array_new(FALSE, FALSE, sizeof(size_t));
	g_autofree char *log = log_path(boot);
	int result = log_keep(&guest->log, worker->error);

	for (unsigned i = 0; i < boot->cases->len && result == 0; i++) {
		if (put_off(guest, &guest->programs[i]))
			g_array_append_val(rest, g_array_index(boot->cases, size_t, i));
		else
			result = take_program(worker, guest, i, log);
	}
	if (rest->len)
		plan_add_rest(worker->work->plan, boot, rest);
	else
		g_array_unref(rest);
	worker->failed |= result != 0;
	return !worker->failed;
}

static bool guest_done(void *context, struct guest *guest)
{
	struct worker *worker = context;
	const struct plan_boot *boot = guest->context;
	bool good;

	worker->work->done++;
	if (worker->work->verbose)
		remark("%s %s boot %u: %s%s%s, %d programs, %.2f s", guest->machine->name,
		       boot->pair->variant->name, boot->number, status_name(guest->status),
		       guest->reason[0] ? ", " : "", guest->reason, guest->program_count,
		       guest->ended - guest->started);
	show_printed(boot, guest);
	good = take_results(worker, guest);
	guest_free(guest);
	g_free(guest);
	return good;
}

static void tick(void *context)
{
	const struct worker *worker = context;

	progress_show(worker->work->done, worker->earlier + worker->work->plan->boots->len,
		      clock_seconds() - worker->started);
}

/* 0, 1 with error, or 130. */
static int work_class(struct worker *worker, enum machine_class class)
{
	struct executor executor = {
	    .context = worker, .next = next_guest, .done = guest_done, .tick = tick};
	enum executor_end end;

	if (!plan_has_class(worker->work->plan, class))
		return 0;
	worker->class = class;
	worker->next = 0;
	cpu_share_take(&worker->cpus, worker->work->plan, class, worker->work->jobs);
	executor.slots = worker->cpus.slots;
	end = executor_run(&executor);
	cpu_share_give_back(&worker->cpus);
	if (end == EXECUTOR_INTERRUPTED)
		return 130;
	return worker->failed ? 1 : 0;
}

/* Guests on silicon first and alone: emulators at full load would disturb them. */
static int work_all(struct worker *worker)
{
	struct work *work = worker->work;
	bool silicon = plan_has_class(work->plan, CLASS_SILICON);
	int code = work_class(worker, CLASS_SILICON);

	if (code == 0 && silicon && work->may_extend && cells_extend(work->run)) {
		worker->earlier = work->done;
		if (plan_of_run(work->plan, work->run, work->manifest, work->selection,
				worker->error))
			return 1;
		code = work_class(worker, CLASS_SILICON);
	}
	return code ? code : work_class(worker, CLASS_DETERMINISTIC);
}

int work_do(struct work *work, struct error *error)
{
	struct worker worker = {.work = work,
				.run = work->run,
				.error = error,
				.started = clock_seconds(),
				.seconds_to_wait = SECONDS_TO_WAIT};
	int code = 1;

	if (kit_open(&worker.kit, work->manifest->init, work->selection->cases,
		     work->selection->case_count, &work->run->options.qemu_args, error) == 0) {
		worker.kit.events = work->events;
		code = work_all(&worker);
	}
	progress_clear();
	kit_close(&worker.kit);
	return code;
}
