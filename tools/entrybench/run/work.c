/* Boots what is planned and takes the results into the run and its folder. */
#include "run/run.h"

/* Seconds of a run in which boots may wait until nobody shares the core (machine native). */
#define SECONDS_TO_WAIT 1.5

/* So long one looks which CPUs are free: twenty ticks of the kernel's bookkeeping, more or less. */
#define WATCH_SECONDS 0.2

/* Part of the time from which on the others on a CPU are worth a word. */
#define MUCH 0.3

/* Guests of one class, after those of the other. */
struct worker {
	struct run_result *result;
	const struct run_request *request;
	struct error *error;
	struct initrd initrd;
	enum machine_class class;
	unsigned next;		/* boot of the plan */
	size_t earlier;		/* guests of a plan before this one */
	double started;		/* seconds of CLOCK_MONOTONIC */
	double seconds_to_wait; /* that are left */
	unsigned slots;		/* guests at the same time */
	int *cpus;		/* the host's CPU of each slot; NULL: they run anywhere */
	bool failed;		/* error is set */
};

/* The cell has got a boot. */
static void update(struct worker *worker, struct cell *cell)
{
	struct run_result *result = worker->result;

	cell_judge(cell);
	if (!worker->failed)
		worker->failed =
		    journal_add(&result->journal, &result->run, cell, worker->error) != 0;
}

/* The boot's log in the results folder. */
static char *log_name(const struct plan_boot *boot)
{
	g_autofree char *number = g_strdup_printf("%u", boot->number);
	g_autofree char *part = boot->part ? g_strdup_printf("%u", boot->part) : NULL;
	g_autofree char *name = path_safe_parts(boot->pair->machine->name,
						boot->pair->variant->name, number, part, NULL);

	return g_strdup_printf(STORE_LOGS "/%s.log", name);
}

/* The guest could not even be started: that is its cells' failure, not the run's. */
static void fail_to_start(struct worker *worker, const struct plan_boot *boot, const char *reason)
{
	for (unsigned i = 0; i < boot->items->len; i++) {
		struct cell *cell = plan_item(boot, i)->cell;
		struct boot *failed = cell_add_boot(cell, boot->number);

		failed->status = STATUS_FAILED;
		run_set(&failed->reason, reason);
		update(worker, cell);
	}
	worker->result->boots_done++;
}

struct sample_sizes sizes_for(const struct machine *machine, const struct run_options *options,
			      unsigned boot)
{
	struct sample_sizes sizes = class_sizes[machine->class];

	sizes.placed = options->layouts > 0;
	sizes.layout = sizes.placed ? boot % options->layouts : 0;
	sizes.windows = options->windows ?: machine->windows ?: sizes.windows;
	sizes.repeats = machine->repeats ?: sizes.repeats;
	sizes.stretches = machine->stretches;
	/* Each stretch warms up. */
	sizes.warmup /= machine->stretches ?: 1;
	sizes.say = machine->away;
	return sizes;
}

/* NULL with error: it cannot be started. */
static struct guest *start(struct worker *worker, const struct plan_boot *boot, unsigned slot,
			   struct error *error)
{
	const struct run_options *options = &worker->result->run.options;
	const struct machine *machine = boot->pair->machine;
	struct guest *guest = guest_new(machine, boot->pair->variant,
					options->timeout > 0 ? options->timeout : machine->timeout);
	int cpu = worker->cpus ? worker->cpus[slot] : -1;
	struct sample_sizes sizes = sizes_for(machine, options, boot->number);

	guest->context = boot;
	guest->request.cpu = cpu;
	guest->request.stream = boot->stream;
	guest->request.image = layout_image(boot->pair->variant, sizes.layout);
	/* What a program of the user's prints goes straight on where the run has a single boot. */
	if (options->program.count && worker->result->plan.boots->len == 1) {
		guest->pass_on[0] = stdout;
		guest->pass_on[1] = stderr;
	} else if (options->program.count) {
		guest->printed = g_string_new(NULL);
	}
	if (initrd_load(&worker->initrd, guest, plan_item(boot, 0), boot->items->len, sizes,
			error) == 0) {
		if (machine->boots_together && cpu >= 0)
			worker->seconds_to_wait -= core_share_wait(cpu, worker->seconds_to_wait);
		if (guest_start(guest, error) == 0)
			return guest;
	}
	guest_free(guest);
	return NULL;
}

static struct guest *next_guest(void *context, unsigned slot)
{
	struct worker *worker = context;
	const GPtrArray *boots = worker->result->plan.boots;

	/* A folder that cannot be written stops everything. */
	while (worker->next < boots->len && !worker->failed) {
		const struct plan_boot *boot = boots->pdata[worker->next++];
		struct error error;
		struct guest *guest;

		if (boot->pair->machine->class != worker->class)
			continue;
		guest = start(worker, boot, slot, &error);
		if (guest)
			return guest;
		fail_to_start(worker, boot, error.text);
	}
	return NULL;
}

/* A dead guest fails only its running program; the rest gets a new one, given any progress. */
static bool put_off(const struct guest *guest, const struct guest_program *program)
{
	bool any_begun = false;

	for (int i = 0; i < guest->program_count; i++)
		any_begun |= guest->programs[i].begun;
	return any_begun && !program->begun &&
	       (guest->status == STATUS_TIMEOUT || guest->status == STATUS_PANICKED ||
		(guest->status == STATUS_FAILED && guest->end == GUEST_BROKEN));
}

static int take_program(struct worker *worker, const struct guest *guest, unsigned i,
			const char *log)
{
	const struct plan_boot *planned = guest->context;
	struct guest_program *program = &guest->programs[i];
	struct cell *cell = plan_item(planned, i)->cell;
	struct boot *boot;
	int result = 0;

	program_finish(program, cell->class, guest->machine->interrupted);
	program_count_events(program, &worker->result->events);
	program->boot.boot = planned->number;
	boot = cell_move_boot(cell, &program->boot);
	if (worker->result->run.options.layouts)
		boot->layout = planned->number % worker->result->run.options.layouts;
	run_set(&boot->log, log);
	if (boot->status == STATUS_OK && program->name)
		result = store_samples(worker->result->dir, cell, boot,
				       program_windows(program, "crossing"), worker->error);
	update(worker, cell);
	return result;
}

static void take_results(struct worker *worker, struct guest *guest)
{
	const struct plan_boot *boot = guest->context;
	GArray *rest = g_array_new(FALSE, FALSE, sizeof(struct plan_item));
	g_autofree char *log = log_name(boot);
	int result = guest_write_log(guest, worker->result->dir, log, worker->error);

	for (unsigned i = 0; i < boot->items->len && result == 0; i++) {
		if (put_off(guest, &guest->programs[i]))
			g_array_append_val(rest, *plan_item(boot, i));
		else
			result = take_program(worker, guest, i, log);
	}
	if (rest->len)
		plan_add_rest(&worker->result->plan, boot, rest);
	else
		g_array_unref(rest);
	worker->failed |= result != 0;
}

static bool guest_done(void *context, struct guest *guest)
{
	struct worker *worker = context;
	const struct plan_boot *boot = guest->context;

	worker->result->boots_done++;
	if (worker->request->verbose)
		remark("%s %s boot %u: %s%s%s, %d programs, %.2f s", guest->machine->name,
		       boot->pair->variant->name, boot->number, status_name(guest->status),
		       guest->reason[0] ? ", " : "", guest->reason, guest->program_count,
		       guest->ended - guest->started);
	if (guest->printed) {
		progress_clear();
		printf("==> %s %s, boot %u <==\n", guest->machine->name, boot->pair->variant->name,
		       boot->number);
		guest_show_printed(guest, stdout);
	}
	take_results(worker, guest);
	guest_free(guest);
	return !worker->failed;
}

static void tick(void *context)
{
	const struct worker *worker = context;

	progress_show(worker->result->boots_done, worker->earlier + worker->result->plan.boots->len,
		      clock_seconds() - worker->started);
}

/* Each guest on silicon gets a CPU, the best first; one is left for the tool and emulators. */
static void keep_cpus(struct worker *worker)
{
	static bool warned; /* also where cells get more boots */
	const struct plan *plan = &worker->result->plan;
	unsigned slots = worker->request->jobs ?: UINT_MAX;
	size_t count;
	g_autofree struct cpu *cpus = NULL;
	const struct cpu *worst;
	double others;

	/* What another machine did is but read here. */
	worker->slots = 1;
	if (worker->request->stream)
		return;
	cpus = cpus_read(WATCH_SECONDS, &count);
	/* Some machines bear no other guest beside theirs. */
	for (size_t i = 0; i < plan->pairs->len; i++)
		if (((struct plan_pair *)plan->pairs->pdata[i])->machine->alone)
			slots = 1;
	worker->slots = MIN(slots, (unsigned)MAX(count, 2) - 1);
	worker->cpus = g_new(int, worker->slots);
	for (unsigned i = 0; i < worker->slots; i++)
		worker->cpus[i] = cpus[i].number;
	cpus_avoid(worker->cpus, worker->slots);
	worst = &cpus[worker->slots - 1];
	others = fmax(worst->busy, fmax(worst->stolen, worst->sibling));
	if (others <= MUCH || warned)
		return;
	warned = true;
	remark("CPU %d is in use %.0f %% of the time: wait until the machine is idle for better "
	       "figures (entrybench doctor)",
	       worst->number, 100 * others);
}

/* Deterministic guests take all CPUs. 0, 1 with error, or 130. */
static int work_class(struct worker *worker, enum machine_class class)
{
	struct executor executor = {
	    .context = worker, .next = next_guest, .done = guest_done, .tick = tick};
	enum executor_end end;
	cpu_set_t before;

	if (!plan_has_class(&worker->result->plan, class))
		return 0;
	worker->class = class;
	worker->next = 0;
	worker->slots = worker->request->jobs ?: g_get_num_processors();
	sched_getaffinity(0, sizeof(before), &before);
	if (class == CLASS_SILICON)
		keep_cpus(worker);
	executor.slots = worker->slots;
	end = executor_run(&executor);
	sched_setaffinity(0, sizeof(before), &before);
	g_clear_pointer(&worker->cpus, g_free);
	if (end == EXECUTOR_INTERRUPTED)
		return EXIT_INTERRUPTED;
	return worker->failed ? 1 : 0;
}

/* Guests on silicon first and alone: emulators at full load would disturb them. */
static int work_all(struct worker *worker)
{
	struct run_result *result = worker->result;
	bool silicon = plan_has_class(&result->plan, CLASS_SILICON);
	bool may_extend =
	    !result->run.options.boots && !result->run.options.shard[0] && !worker->request->resume;
	int code = work_class(worker, CLASS_SILICON);

	if (code == 0 && silicon && may_extend && cells_extend(&result->run)) {
		worker->earlier = result->boots_done;
		if (plan_of_run(&result->plan, &result->run, &result->manifest, &result->selection,
				worker->error))
			return 1;
		code = work_class(worker, CLASS_SILICON);
	}
	return code ? code : work_class(worker, CLASS_DETERMINISTIC);
}

int work_do(struct run_result *result, const struct run_request *request, struct error *error)
{
	struct worker worker = {.result = result,
				.request = request,
				.error = error,
				.started = clock_seconds(),
				.seconds_to_wait = SECONDS_TO_WAIT};
	int code = 1;

	if (initrd_open(&worker.initrd, result->manifest.init, result->selection.cases,
			result->selection.case_count, error) == 0) {
		worker.initrd.extras = &result->run.options.qemu_args;
		worker.initrd.events = &result->events;
		code = work_all(&worker);
	}
	progress_clear();
	initrd_close(&worker.initrd);
	return code;
}
