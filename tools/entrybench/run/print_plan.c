/* `run --dry-run`: what would be booted, in which order, and what is skipped. */
#include "run/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void print_machines(const struct run *run)
{
	for (size_t i = 0; i < run->machine_count; i++) {
		const struct run_machine *machine = &run->machines[i];

		printf("machine %s: %s, counts %s%s%s\n", machine->name, class_name(machine->class),
		       class_unit(machine->class), machine->available ? "" : "; cannot be used: ",
		       machine->available ? "" : machine->reason);
	}
}

static void print_work(const struct session *session, const struct work *work)
{
	const struct plan_pair *pair = &session->pairs[work->pair];
	const struct machine *machine = pair->machine;

	printf("boot %u of %s on %s:", work->number, pair->variant->name, machine->name);
	for (size_t i = 0; i < work->case_count; i++)
		printf(" %s", session->selection.cases[work->cases[i]].label);
	printf("\n");
}

static void print_skipped(const struct run *run)
{
	for (size_t i = 0; i < run->cell_count; i++) {
		const struct cell *cell = &run->cells[i];
		const struct cell *before = i ? &run->cells[i - 1] : NULL;

		if (cell->boots_wanted)
			continue;
		/* One line for all benchmarks of a variant. */
		if (before && !strcmp(before->variant, cell->variant) &&
		    !strcmp(before->machine, cell->machine) &&
		    !strcmp(before->reason, cell->reason))
			continue;
		printf("skipped: %s on %s: %s\n", cell->variant, cell->machine, cell->reason);
	}
}

void session_print_plan(const struct session *session)
{
	printf("seed %" PRIu64 ", reference %s, results into %s\n", session->run.seed,
	       *session->run.reference ? session->run.reference : "by feature", session->dir);
	print_machines(&session->run);
	for (size_t i = 0; i < session->work_count; i++)
		print_work(session, &session->work[i]);
	print_skipped(&session->run);
	printf("%zu boots, %zu cells\n", session->work_count, session->run.cell_count);
}
