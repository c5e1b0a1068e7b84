/* Which machines a run uses: those that -m names, or the best that this host has. */
#include "run/probe.h"
#include "run/session.h"
#include "samples/kernel.h"

#include <stdlib.h>
#include <string.h>

static int unknown_machine(const char *name, struct error *error)
{
	struct strings names = {0};
	char *near;

	for (size_t i = 0; i < machine_count; i++)
		strings_add(&names, machines[i]->name);
	near = near_matches(name, &names);
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
	for (size_t i = 0; i < names->count; i++)
		if (!machine_find(names->at[i]))
			return unknown_machine(names->at[i], &session->error), 2;
	for (size_t i = 0; i < names->count; i++)
		if (!run_find_machine(&session->run, names->at[i]) &&
		    !add_machine(session, names->at[i]))
			return 130;
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

/* kvm where it passes its probe, else tcg; bochs for what that one lacks; native always. */
static int choose_default(struct session *session)
{
	const struct run_machine *machine = add_machine(session, "kvm");
	bool lacks;

	if (machine && !machine->available) {
		session_say(session, "tcg instead of kvm: %s", machine->reason);
		machine = add_machine(session, "tcg");
		if (machine && !machine->available)
			session_say(session, "tcg cannot be used: %s", machine->reason);
	}
	if (!machine)
		return 130;
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
