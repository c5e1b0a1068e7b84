/* Which machines a run uses: those that -m names, or the best that this host has. */
#include "run/run.h"

#include <fnmatch.h>

static int unknown_machine(const char *name, struct error *error)
{
	struct strings names = {0};
	g_autofree char *near = NULL;

	for (size_t i = 0; i < machine_count; i++)
		strings_add(&names, machines[i]->name);
	near = did_you_mean(name, &names);
	strings_free(&names);
	return error_set(error, "no machine is called \"%s\"%s (entrybench list shows all)", name,
			 near);
}

static int choose_variants(struct selection *selection, const struct manifest *manifest,
			   const struct machine *machine, const char *glob, struct error *error)
{
	bool found = false;

	for (size_t i = 0; i < manifest->variant_count; i++) {
		const struct variant *variant = &manifest->variants[i];

		if (!machine_has(machine, variant) || fnmatch(glob, variant->name, 0))
			continue;
		found = true;
		selection_add_variant(selection, variant);
	}
	if (found)
		return 0;
	return error_set(error, "machine %s has no variant \"%s\" (entrybench list shows all)",
			 machine->name, glob);
}

int choose_named_variants(struct selection *selection, const struct manifest *manifest,
			  const struct strings *names, struct error *error)
{
	for (size_t i = 0; i < names->count; i++) {
		const char *glob;
		const struct machine *machine = machine_of_words(names->at[i], &glob);

		if (!machine)
			return unknown_machine(names->at[i], error);
		if (glob && choose_variants(selection, manifest, machine, glob, error))
			return -1;
	}
	return 0;
}

bool choice_allows(const struct strings *names, const char *machine, const struct variant *variant)
{
	bool others = false;

	for (size_t i = 0; i < names->count; i++) {
		const char *glob;

		if (strcmp(machine_of_words(names->at[i], &glob)->name, machine) != 0)
			continue;
		if (!glob || !fnmatch(glob, variant->name, 0))
			return true;
		others = true;
	}
	return !others;
}

bool choice_names_variant(const struct strings *names, const char *machine)
{
	const char *glob;

	for (size_t i = 0; i < names->count; i++)
		if (!strcmp(machine_of_words(names->at[i], &glob)->name, machine) && glob)
			return true;
	return false;
}

/* A machine that cannot count what is asked for measures nothing at all: half an answer is easily overlooked. */
static void check_events(const struct machine *machine, const struct pmu_events *events,
			 struct run_machine *result)
{
	struct error error = {""};

	if (!events->count || !result->available)
		return;
	if (machine->counters == COUNTERS_NONE)
		remark("-e counts nothing on %s: no PMU on this machine", machine->name);
	if (machine->counters == COUNTERS_LINUX)
		pmu_check(events, &error);
	if (machine->counters == COUNTERS_CORE)
		free(pmu_codes(events, &error));
	if (error.text[0]) {
		result->available = false;
		run_set(&result->reason, error.text);
	}
}

/* What choosing a machine takes. */
struct choice {
	struct run *run;
	const struct manifest *manifest;
	const struct selection *selection;
	const struct pmu_events *events;
};

/* Probes a machine and adds it to the run. NULL: the user wants to stop. */
static const struct run_machine *add_machine(const struct choice *choice, const char *name)
{
	struct run_machine *result = run_add_machine(choice->run, name);

	if (!probe_machine(machine_find(name), choice->manifest, &choice->run->options.qemu_args,
			   result))
		return NULL;
	check_events(machine_find(name), choice->events, result);
	return result;
}

static bool choose_named(const struct choice *choice, const struct strings *names)
{
	for (size_t i = 0; i < names->count; i++) {
		const char *glob;
		const char *name = machine_of_words(names->at[i], &glob)->name;

		if (!run_find_machine(choice->run, name) && !add_machine(choice, name))
			return false;
	}
	return true;
}

static bool lacks_something(const struct run_machine *machine, const struct selection *selection)
{
	for (size_t v = 0; v < selection->variant_count; v++) {
		const struct strings *needs = &selection->variants[v]->needs;

		for (size_t i = 0; i < needs->count; i++)
			if (!feature_listed(machine->features, needs->at[i]))
				return true;
	}
	return false;
}

/* Adds one that may be missing, which is said. NULL: the user wants to stop. */
static const struct run_machine *try_machine(const struct choice *choice, const char *name)
{
	const struct run_machine *machine = add_machine(choice, name);

	if (machine && !machine->available)
		remark("%s cannot be used: %s", name, machine->reason);
	return machine;
}

/*
 * kvm where it passes its probe, else tcg; beside it bochs for what that one lacks, and native always. One is enough for a
 * program of the user's.
 */
static bool choose_default(const struct choice *choice)
{
	const struct run_machine *machine = add_machine(choice, "kvm");

	if (machine && !machine->available) {
		remark("tcg instead of kvm: %s", machine->reason);
		machine = try_machine(choice, "tcg");
	}
	if (machine && choice->run->options.program.count)
		return true;
	if (machine && machine->available && lacks_something(machine, choice->selection))
		machine = try_machine(choice, "bochs");
	return machine && try_machine(choice, "native");
}

bool choose_machines(struct run *run, const struct manifest *manifest,
		     const struct selection *selection, const struct pmu_events *events)
{
	const struct choice choice = {run, manifest, selection, events};
	const struct strings *names = &run->options.machines;

	return names->count ? choose_named(&choice, names) : choose_default(&choice);
}
