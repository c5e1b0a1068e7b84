/* Starts the guests of a run and takes their results into the run and its folder. */
#include "guest/executor.h"
#include "host/facts.h"
#include "host/core_share.h"
#include "host/cpus.h"
#include "run/cell_status.h"
#include "run/program.h"
#include "run/session.h"
#include "guest/events.h"
#include "model/store.h"
#include "base/file.h"

#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So long one looks which CPUs are free: twenty ticks of the kernel's bookkeeping, more or less. */
#define WATCH_SECONDS 0.2

/* Part of the time from which on the others on a CPU are worth a word. */
#define MUCH 0.3

static const struct machine *machine_of(const struct session *session, const struct work *work)
{
	return session->pairs[work->pair].machine;
}

static struct cell *cell_of(const struct session *session, const struct work *work, size_t i)
{
	const struct plan_pair *pair = &session->pairs[work->pair];

	return run_find_cell(&session->run, machine_of(session, work)->name, pair->variant->name,
			     session->selection.cases[work->cases[i]].label);
}

/* The cell has got a boot. */
static void settle(struct session *session, struct cell *cell)
{
	judge_cell(cell);
	if (!session->error.text[0])
		journal_add(&session->journal, &session->run, cell, &session->error);
}

/* Everything that was settled is on disk. */
static int save(const struct session *session)
{
	return session->error.text[0] ? -1 : 0;
}

/* A name for the boot's files: machine.variant.number, and the part where it is not the first. */
static char *boot_name(const struct session *session, const struct work *work)
{
	const char *machine = machine_of(session, work)->name;
	const char *variant = session->pairs[work->pair].variant->name;
	char *name = work->part
			 ? memory_format("%s.%s.%u.%u", machine, variant, work->number, work->part)
			 : memory_format("%s.%s.%u", machine, variant, work->number);
	char *safe = path_safe(name);

	free(name);
	return safe;
}

/* The guest could not even be started: that is its cells' failure, not the run's. */
static bool fail_to_start(struct session *session, struct work *work, const char *reason)
{
	for (size_t i = 0; i < work->case_count; i++) {
		struct cell *cell = cell_of(session, work, i);
		struct boot *boot = cell_add_boot(cell, work->number);

		boot->status = STATUS_FAILED;
		run_set(&boot->reason, reason);
		settle(session, cell);
	}
	session->done++;
	return save(session) == 0;
}

static struct guest *start(struct session *session, size_t index, unsigned slot,
			   struct error *error)
{
	const struct work *work = &session->work[index];
	const struct run_options *options = &session->run.options;
	const struct machine *machine = machine_of(session, work);
	uint64_t windows = options->windows ? options->windows : machine->windows;
	struct sample_sizes sizes = sizes_for(machine->class, windows);
	double timeout = options->timeout > 0 ? options->timeout : machine->timeout;
	struct guest *guest = memory_new(1, sizeof(*guest));
	char *name = boot_name(session, work);
	char *log = memory_format("%s/" STORE_LOGS "/%s.log", session->dir, name);
	int result;

	if (machine->repeats)
		sizes.repeats = machine->repeats;
	guest_init(guest, machine, session->pairs[work->pair].variant, timeout);
	guest->tag = index;
	result = kit_guest(&session->kit, guest, session->selection.cases, work->cases,
			   work->case_count, sizes, error);
	guest->request.cpu = session->cpus ? session->cpus[slot] : -1;
	program_listen(session, guest);
	if (result == 0 && machine->boots_together && guest->request.cpu >= 0)
		session->patience -= core_share_wait(guest->request.cpu, session->patience);
	if (result == 0)
		result = guest_start(guest, log, error);
	if (result) {
		guest_free(guest);
		free(guest);
		guest = NULL;
	}
	free(log);
	free(name);
	return guest;
}

static struct guest *next_guest(void *context, unsigned slot)
{
	struct session *session = context;

	for (; session->work_next < session->work_count; session->work_next++) {
		struct work *work = &session->work[session->work_next];
		struct error error;
		struct guest *guest;

		if (machine_of(session, work)->class != session->stage || !work->case_count)
			continue;
		guest = start(session, session->work_next, slot, &error);
		if (guest) {
			session->work_next++;
			return guest;
		}
		/* A folder that cannot be written stops everything; the store says so. */
		if (!fail_to_start(session, work, error.text))
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
		char *name = memory_format("enosys.%s", end->missing.at[i].name);

		pairs_add(&boot->counts, name, end->missing.at[i].value);
		free(name);
	}
}

static int take_program(struct session *session, const struct guest *guest, size_t i,
			const char *log)
{
	const struct work *work = &session->work[guest->tag];
	const struct guest_program *program = &guest->programs[i];
	struct cell *cell = cell_of(session, work, i);
	struct boot *boot = cell_add_boot(cell, work->number);
	int result = 0;

	run_set(&boot->log, log);
	if (program->status == STATUS_OK && program->collector)
		collector_finish(program->collector, cell->class,
				 machine_of(session, work)->interrupted, boot);
	else
		boot->status = program->status;
	note_end(guest, i, boot);
	events_fill(boot, &session->events);
	if (program->status != STATUS_OK)
		run_set(&boot->reason, program->reason);
	if (boot->status == STATUS_OK && program->collector)
		result = store_samples(session->dir, cell, boot,
				       collector_windows(program->collector), &session->error);
	settle(session, cell);
	return result;
}

static void add_rest(struct session *session, const struct work *work, const size_t *rest,
		     size_t count)
{
	struct work more = *work;

	more.part++;
	more.cases = memory_new(count, sizeof(*more.cases));
	memcpy(more.cases, rest, count * sizeof(*rest));
	more.case_count = count;
	session->work = memory_grow(session->work, session->work_count, sizeof(*session->work));
	session->work[session->work_count++] = more;
}

static int take_results(struct session *session, struct guest *guest)
{
	const struct work work = session->work[guest->tag];
	size_t *rest = memory_new(work.case_count, sizeof(*rest)), rest_count = 0;
	char *name = boot_name(session, &work);
	char *log = memory_format(STORE_LOGS "/%s.log", name);
	int result = log_keep(&guest->log, &session->error);

	for (size_t i = 0; i < work.case_count && result == 0; i++) {
		if (put_off(guest, &guest->programs[i]))
			rest[rest_count++] = work.cases[i];
		else
			result = take_program(session, guest, i, log);
	}
	if (rest_count && result == 0)
		add_rest(session, &work, rest, rest_count);
	if (result == 0)
		result = save(session);
	free(rest);
	free(log);
	free(name);
	return result;
}

static void say_boot(const struct session *session, const struct guest *guest)
{
	const struct work *work = &session->work[guest->tag];

	if (session->request->verbose)
		session_say(session, "%s %s boot %u: %s%s%s, %d programs, %.2f s",
			    guest->machine->name, guest->request.variant->name, work->number,
			    status_name(guest->status), guest->reason[0] ? ", " : "", guest->reason,
			    guest->program_count, guest->ended - guest->started);
}

static bool guest_done(void *context, struct guest *guest)
{
	struct session *session = context;
	int result;

	session->done++;
	say_boot(session, guest);
	program_show(session, guest);
	result = take_results(session, guest);
	guest_free(guest);
	free(guest);
	return result == 0;
}

static void tick(void *context)
{
	progress_show(context);
}

/*
 * Deterministic guests take all CPUs. A guest on silicon gets one for itself, the best that are there, and one is
 * left for the tool and the emulators' own threads.
 */
static void share_cpus(struct session *session)
{
	unsigned count, jobs = session->request->jobs;

	free(host_cpus(&count));
	session->slots = jobs ? jobs : count;
	session->cpus = NULL;
}

/* Some machines bear no other guest beside theirs. */
static bool is_alone(const struct session *session)
{
	for (size_t i = 0; i < session->pair_count; i++) {
		const struct machine *machine = session->pairs[i].machine;

		if (machine->class == session->stage && machine->alone)
			return true;
	}
	return false;
}

/* The worst of those chosen: figures from it are noisier than they need be. */
static void say_if_busy(const struct session *session, const struct cpu *cpu)
{
	double others = fmax(cpu->busy, fmax(cpu->stolen, cpu->sibling));

	if (others > MUCH)
		session_say(session,
			    "CPU %d is in use %.0f %% of the time: wait until the machine is idle "
			    "for better figures (entrybench doctor)",
			    cpu->number, 100 * others);
}

static void keep_cpus(struct session *session)
{
	unsigned jobs = session->request->jobs;
	size_t count;
	struct cpu *cpus = cpus_read(WATCH_SECONDS, &count);

	session->slots = count > 1 ? (unsigned)count - 1 : 1;
	if (jobs && jobs < session->slots)
		session->slots = jobs;
	if (is_alone(session))
		session->slots = 1;
	session->cpus = memory_new(session->slots, sizeof(*session->cpus));
	for (unsigned i = 0; i < session->slots; i++)
		session->cpus[i] = cpus[i].number;
	cpus_avoid(session->cpus, session->slots);
	say_if_busy(session, &cpus[session->slots - 1]);
	free(cpus);
}

int session_work(struct session *session, enum machine_class class)
{
	const struct executor executor = {
	    .context = session, .next = next_guest, .done = guest_done, .tick = tick};
	struct executor ready = executor;
	enum executor_end end;
	cpu_set_t before;

	session->stage = class;
	session->work_next = 0;
	sched_getaffinity(0, sizeof(before), &before);
	if (class == CLASS_SILICON)
		keep_cpus(session);
	else
		share_cpus(session);
	ready.slots = session->slots;
	end = executor_run(&ready);
	sched_setaffinity(0, sizeof(before), &before);
	free(session->cpus);
	session->cpus = NULL;
	if (end == EXECUTOR_INTERRUPTED)
		return 130;
	return session->error.text[0] ? 1 : 0;
}
