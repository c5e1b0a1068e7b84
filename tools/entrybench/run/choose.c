/* Which machines a run uses: those that -m names, or the best that this host has. */
#include "run/probe.h"
#include "run/session.h"
#include "base/near.h"
#include "guest/kernel.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static int unknown_machine(const char *name, struct error *error)
{
	struct strings names = {0};
	char *near;

	for (size_t i = 0; i < machine_count; i++)
		strings_add(&names, machines[i]->name);
	near = did_you_mean(name, &names);
	error_set(error, "no machine is called \"%s\"%s (entrybench list shows all)", name, near);
	free(near);
	strings_free(&names);
	return -1;
}

/* A machine that cannot count what is asked for measures nothing at all: half an answer is easily overlooked. */
static void check_events(struct session *session, const struct machine *machine,
			 struct run_machine *result)
{
	struct error error = {""};
	char *codes = NULL;

	if (!session->events.count || !result->available)
		return;
	if (machine->counters == COUNTERS_NONE)
		session_say(session, "-e counts nothing on %s: no PMU on this machine",
			    machine->name);
	if (machine->counters == COUNTERS_LINUX)
		pmu_check(&session->events, &error);
	if (machine->counters == COUNTERS_CORE)
		codes = pmu_codes(&session->events, &error);
	free(codes);
	if (error.text[0]) {
		result->available = false;
		run_set(&result->reason, error.text);
	}
}

static int select_named(struct session *session, const struct machine *machine, const char *variant)
{
	bool found = false;

	for (size_t i = 0; i < session->manifest.variant_count; i++) {
		const struct variant *one = &session->manifest.variants[i];

		if (!machine_has(machine, one) || fnmatch(variant, one->name, 0))
			continue;
		found = true;
		selection_add_variant(&session->selection, one);
	}
	if (found)
		return 0;
	return error_set(&session->error,
			 "machine %s has no variant \"%s\" (entrybench list shows all)",
			 machine->name, variant);
}

int session_select_named(struct session *session)
{
	const struct strings *names = &session->request->options.machines;

	for (size_t i = 0; i < names->count; i++) {
		const char *variant;
		const struct machine *machine = machine_of_words(names->at[i], &variant);

		if (!machine)
			return unknown_machine(names->at[i], &session->error);
		if (variant && select_named(session, machine, variant))
			return -1;
	}
	return 0;
}

bool session_names(const struct session *session, const char *machine,
		   const struct variant *variant)
{
	const struct strings *names = &session->request->options.machines;
	bool others = false;

	for (size_t i = 0; i < names->count; i++) {
		const char *glob;

		if (strcmp(machine_of_words(names->at[i], &glob)->name, machine))
			continue;
		if (!glob || !fnmatch(glob, variant->name, 0))
			return true;
		others = true;
	}
	return !others;
}

bool session_names_variant(const struct session *session, const char *machine)
{
	const struct strings *names = &session->request->options.machines;
	const char *variant;

	for (size_t i = 0; i < names->count; i++)
		if (!strcmp(machine_of_words(names->at[i], &variant)->name, machine) && variant)
			return true;
	return false;
}

/* Probes a machine and adds it to the run. NULL: the user wants to stop. */
static const struct run_machine *add_machine(struct session *session, const char *name)
{
	struct run_machine *result = run_add_machine(&session->run, name);

	if (!probe_machine(machine_find(name), &session->manifest,
			   &session->request->options.qemu_args, result))
		return NULL;
	check_events(session, machine_find(name), result);
	return result;
}

static int choose_named(struct session *session, const struct strings *names)
{
	for (size_t i = 0; i < names->count; i++) {
		const char *variant;
		const char *name = machine_of_words(names->at[i], &variant)->name;

		if (!run_find_machine(&session->run, name) && !add_machine(session, name))
			return 130;
	}
	return 0;
}

static bool lacks_something(const struct run_machine *machine, const struct selection *selection)
{
	for (size_t v = 0; v < selection->variant_count; v++)
		for (size_t n = 0; n < selection->variants[v]->needs.count; n++)
			if (!feature_listed(machine->features, selection->variants[v]->needs.at[n]))
				return true;
	return false;
}

/* kvm where it passes its probe, else tcg. NULL: the user wants to stop. */
static const struct run_machine *choose_main(struct session *session)
{
	const struct run_machine *machine = add_machine(session, "kvm");

	if (machine && !machine->available) {
		session_say(session, "tcg instead of kvm: %s", machine->reason);
		machine = add_machine(session, "tcg");
		if (machine && !machine->available)
			session_say(session, "tcg cannot be used: %s", machine->reason);
	}
	return machine;
}

/* Beside the main one bochs for what that one lacks, and native always; one is enough for a program of the user's. */
static int choose_default(struct session *session)
{
	const struct run_machine *machine = choose_main(session);
	bool lacks;

	if (!machine)
		return 130;
	if (session->run.options.program.count)
		return 0;
	lacks = machine->available && lacks_something(machine, &session->selection);
	if (lacks)
		machine = add_machine(session, "bochs");
	if (lacks && machine && !machine->available)
		session_say(session, "bochs cannot be used: %s", machine->reason);
	if (machine)
		machine = add_machine(session, "native");
	if (machine && !machine->available)
		session_say(session, "native cannot be used: %s", machine->reason);
	return machine ? 0 : 130;
}

int session_choose_machines(struct session *session)
{
	const struct strings *names = &session->request->options.machines;

	return names->count ? choose_named(session, names) : choose_default(session);
}
