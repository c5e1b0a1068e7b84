/* From the cells of a run to its work: pairs of machine and variant, the shuffled plan, and what is left. */
#include "run/session.h"
#include "model/summary.h"

#include <stdlib.h>
#include <string.h>

static int find_case(const struct session *session, const char *label, size_t *number)
{
	for (*number = 0; *number < session->selection.case_count; ++*number)
		if (!strcmp(session->selection.cases[*number].label, label))
			return 0;
	return -1;
}

static struct plan_pair *find_pair(struct session *session, const struct machine *machine,
				   const struct variant *variant)
{
	struct plan_pair *pair;

	for (size_t i = 0; i < session->pair_count; i++)
		if (session->pairs[i].machine == machine && session->pairs[i].variant == variant)
			return &session->pairs[i];
	session->pairs = memory_grow(session->pairs, session->pair_count, sizeof(*session->pairs));
	pair = &session->pairs[session->pair_count++];
	pair->machine = machine;
	pair->variant = variant;
	return pair;
}

static int add_to_pair(struct session *session, const struct cell *cell)
{
	const struct machine *machine = machine_find(cell->machine);
	const struct variant *variant =
	    selection_variant(&session->manifest, cell->variant, &session->error);
	struct plan_pair *pair;
	size_t *cases, number;

	if (!machine)
		return error_set(&session->error, "this tool has no machine \"%s\"", cell->machine);
	if (!variant)
		return -1;
	if (find_case(session, cell->bench, &number))
		return error_set(&session->error, "%s has no benchmark \"%s\"",
				 session->manifest.path, cell->bench);
	pair = find_pair(session, machine, variant);
	cases = memory_grow((size_t *)pair->cases, pair->case_count, sizeof(*cases));
	cases[pair->case_count++] = number;
	pair->cases = cases;
	if (cell->boots_wanted > pair->boots)
		pair->boots = cell->boots_wanted;
	return 0;
}

static bool has_boot(const struct cell *cell, unsigned number)
{
	for (size_t i = 0; i < cell->boot_count; i++)
		if (cell->boots[i].boot == number)
			return true;
	return false;
}

/* A boot of the plan without the cells that have it already. */
static void add_work(struct session *session, const struct plan_boot *boot)
{
	const struct plan_pair *pair = &session->pairs[boot->pair];
	const struct machine *machine = pair->machine;
	struct work work = {.pair = boot->pair, .number = boot->number};

	work.cases = memory_new(boot->case_count, sizeof(*work.cases));
	for (size_t i = 0; i < boot->case_count; i++) {
		const char *label = session->selection.cases[boot->cases[i]].label;
		const struct cell *cell =
		    run_find_cell(&session->run, machine->name, pair->variant->name, label);

		if (boot->number < cell->boots_wanted && !has_boot(cell, boot->number))
			work.cases[work.case_count++] = boot->cases[i];
	}
	if (!work.case_count) {
		free(work.cases);
		return;
	}
	session->work = memory_grow(session->work, session->work_count, sizeof(*session->work));
	session->work[session->work_count++] = work;
}

void session_drop_plan(struct session *session)
{
	for (size_t i = 0; i < session->pair_count; i++)
		free((size_t *)session->pairs[i].cases);
	for (size_t i = 0; i < session->work_count; i++)
		free(session->work[i].cases);
	free(session->pairs);
	free(session->work);
	plan_free(&session->plan);
	session->pairs = NULL;
	session->work = NULL;
	session->pair_count = session->work_count = session->work_next = 0;
}

bool session_extend(struct session *session)
{
	struct run *run = &session->run;
	bool any = false;

	if (run->options.boots || session->request->resume)
		return false;
	summary_fill(run);
	for (size_t i = 0; i < run->cell_count; i++) {
		struct cell *cell = &run->cells[i];

		if (!machine_find(cell->machine)->boots_together || cell->status != STATUS_OK ||
		    cell->summary.calm)
			continue;
		cell->boots_wanted *= 2;
		any = true;
	}
	if (!any)
		return false;
	session_drop_plan(session);
	session->earlier = session->done;
	return session_lay_plan(session) == 0;
}

int session_lay_plan(struct session *session)
{
	for (size_t i = 0; i < session->run.cell_count; i++)
		if (session->run.cells[i].boots_wanted &&
		    add_to_pair(session, &session->run.cells[i]))
			return -1;
	plan_make(&session->plan, session->pairs, session->pair_count, session->run.seed);
	for (size_t i = 0; i < session->plan.boot_count; i++)
		add_work(session, &session->plan.boots[i]);
	return 0;
}
