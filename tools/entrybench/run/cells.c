/* The cells of a run, and from them what is to be booted. */
#include "model/flags.h"
#include "run/cell_status.h"
#include "model/reference.h"
#include "run/session.h"
#include "guest/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOT_YET "not run yet: entrybench run --resume does it"

/* A program of the user's is no measurement: one boot shows what it does. */
static unsigned default_boots(const struct session *session, const struct run_machine *machine,
			      const struct benchmark *benchmark)
{
	const struct machine *of = machine_find(machine->name);
	unsigned share = of->boots_together / (unsigned)session->selection.case_count;

	if (benchmark->own)
		return 1;
	if (of->boots)
		return share > of->boots ? share : of->boots;
	return machine->class == CLASS_SILICON ? 10 : 2;
}

/* The first need that a machine does not meet; NULL: it meets all. */
static const char *unmet(const struct run_machine *machine, const struct strings *needs)
{
	for (size_t i = 0; i < needs->count; i++)
		if (!feature_listed(machine->features, needs->at[i]))
			return needs->at[i];
	return NULL;
}

static void lay_cell(struct session *session, const struct run_machine *machine,
		     const struct variant *variant, const struct bench_case *one)
{
	const struct benchmark *benchmark = one->benchmark;
	struct cell *cell = run_add_cell(&session->run, machine->name, variant->name, one->label);
	unsigned boots = session->request->options.boots;
	const char *lacks = unmet(machine, &variant->needs);
	char reason[400] = NOT_YET;

	if (!lacks)
		lacks = unmet(machine, &benchmark->needs);
	cell->class = machine->class;
	cell->safe = variant->safe;
	pairs_copy(&cell->features, &variant->features);
	if (benchmark->reference_case[0]) {
		char *label = memory_format("%s:%s", benchmark->name, benchmark->reference_case);

		run_set(&cell->reference_case, label);
		free(label);
	}
	cell->status = STATUS_SKIPPED;
	if (!machine->available)
		snprintf(reason, sizeof(reason), "%s: %s", machine->name, machine->reason);
	else if (benchmark->own && !variant->safe)
		snprintf(reason, sizeof(reason),
			 "%s is for measurement only: its kernel cannot serve a program",
			 variant->name);
	else if (lacks)
		snprintf(reason, sizeof(reason), "needs %s, which %s lacks", lacks, machine->name);
	else
		cell->boots_wanted = boots ? boots : default_boots(session, machine, benchmark);
	run_set(&cell->reason, reason);
	judge_cell(cell);
}

/* A program of the user's runs in the first variant that a machine has, where none was named. */
static bool is_first(const struct session *session, const struct run_machine *machine,
		     const struct variant *variant)
{
	const struct selection *selection = &session->selection;

	if (session->request->options.variants.count ||
	    session_names_variant(session, machine->name))
		return true;
	for (size_t v = 0; v < selection->variant_count; v++)
		if (machine_has(machine_find(machine->name), selection->variants[v]))
			return selection->variants[v] == variant;
	return false;
}

/* Something that the main machine lacks is compared with this variant. */
static bool is_compared_with(const struct session *session, const struct run_machine *main,
			     const struct variant *variant)
{
	const struct selection *selection = &session->selection;

	if (!strcmp(variant->name, session->run.reference))
		return true;
	for (size_t v = 0; v < selection->variant_count; v++)
		if (unmet(main, &selection->variants[v]->needs) &&
		    feature_added(&variant->features, &selection->variants[v]->features))
			return true;
	return false;
}

/* By default the machines after the first one run only what that one lacks, and what that is compared with. */
static bool wanted(const struct session *session, const struct run_machine *machine,
		   const struct variant *variant)
{
	const struct run_machine *main = session->run.machines;

	if (session->run.options.program.count && !is_first(session, machine, variant))
		return false;
	if (session->request->options.machines.count)
		return true;
	while (!main->available && main->class == CLASS_SILICON)
		main++;
	if (machine == main || variant->machine[0])
		return true;
	return machine > main &&
	       (unmet(main, &variant->needs) || is_compared_with(session, main, variant));
}

int session_lay_cells(struct session *session)
{
	const struct selection *selection = &session->selection;

	for (size_t m = 0; m < session->run.machine_count; m++) {
		const struct run_machine *machine = &session->run.machines[m];

		for (size_t v = 0; v < selection->variant_count; v++) {
			const struct variant *variant = selection->variants[v];

			if (!machine_has(machine_find(machine->name), variant) ||
			    !session_names(session, machine->name, variant))
				continue;
			for (size_t c = 0; c < selection->case_count; c++) {
				const struct bench_case *one = &selection->cases[c];

				if (wanted(session, machine, variant) &&
				    (one->asked || one->benchmark->classes[machine->class]))
					lay_cell(session, machine, variant, one);
			}
		}
	}
	return 0;
}

int session_take_up(struct session *session)
{
	for (size_t c = 0; c < session->run.cell_count; c++) {
		struct cell *cell = &session->run.cells[c];

		for (size_t b = cell->boot_count; b-- > 0;)
			if (cell->boots[b].status > STATUS_SKIPPED)
				cell_drop_boot(cell, b);
		if (cell->boots_wanted && !cell->boot_count) {
			cell->status = STATUS_SKIPPED;
			run_set(&cell->reason, NOT_YET);
		}
		judge_cell(cell);
	}
	return 0;
}
