/* Judges the state of the host. */
#include "host/host.h"

#include <stdarg.h>

/* Parts of the time from which on a CPU is not one's own; a tick of the bookkeeping is less. */
#define BUSY_PART   0.1
#define STEAL_PART  0.01
#define SHARED_PART 0.1

/* The kernel's clocks agree with each other within some tens of parts in a million, or something is wrong. */
#define FREQUENCY_PARTS 200e-6

static const char *const codes[] = {
    [WARN_ONE_CPU] = "one_cpu",
    [WARN_NOT_ISOLATED] = "not_isolated",
    [WARN_BUSY] = "busy",
    [WARN_SMT_BUSY] = "smt_busy",
    [WARN_SHARED_CORE] = "shared_core",
    [WARN_STEAL] = "steal",
    [WARN_GOVERNOR] = "governor",
    [WARN_BOOST] = "boost",
    [WARN_TSC_NOT_INVARIANT] = "tsc_not_invariant",
    [WARN_TSC_BACKWARDS] = "tsc_backwards",
    [WARN_TSC_STEP] = "tsc_step",
    [WARN_TSC_FREQUENCY] = "tsc_frequency",
    [WARN_CLOCKSOURCE] = "clocksource",
    [WARN_MITIGATIONS] = "mitigations",
    [WARN_VIRTUAL] = "virtual",
    [WARN_SOFTWARE_KVM] = "software_kvm",
    [WARN_NO_REALTIME] = "no_realtime",
    [WARN_NO_PMU] = "no_pmu",
};

const char *host_warning_code(enum host_warning_kind kind)
{
	return codes[kind];
}

__attribute__((format(printf, 4, 5))) static void warn(struct host_warnings *warnings,
						       enum host_warning_kind kind,
						       const char *remedy, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	*(struct host_warning *)list_grow(warnings, sizeof(struct host_warning)) =
	    (struct host_warning){kind, g_strdup_vprintf(format, arguments), g_strdup(remedy)};
	va_end(arguments);
}

/* Also what runs on the core by a hypervisor's doing. */
static void judge_core(const struct host_state *state, struct host_warnings *warnings)
{
	const struct core_share *core = &state->core;
	const char *remedy = "wait, or measure elsewhere; boots that shared the core are set aside";

	if (!sharing_adders_are_whole(core->adders))
		warn(warnings, WARN_SHARED_CORE, remedy,
		     "another thread seems to use CPU %d's core all the time: at best %.2f adds a "
		     "core cycle, which is no whole number",
		     state->cpus[0].number, core->adders);
	else if (core->part >= SHARED_PART)
		warn(warnings, WARN_SHARED_CORE, remedy,
		     "another thread used CPU %d's core %.0f %% of the time: fewer than its %.0f "
		     "adds "
		     "a core cycle",
		     state->cpus[0].number, 100 * core->part, core->adders);
}

static void judge_cpus(const struct host_state *state, struct host_warnings *warnings)
{
	const struct cpu *best = &state->cpus[0];

	if (state->cpu_count < 2)
		warn(warnings, WARN_ONE_CPU, "give this host a second CPU",
		     "there is only one CPU: what is measured shares it with everything else");
	if (!best->isolated)
		warn(warnings, WARN_NOT_ISOLATED,
		     "boot with isolcpus=N nohz_full=N rcu_nocbs=N for one CPU N but 0",
		     "no CPU is isolated: the scheduler and the timer tick use CPU %d too",
		     best->number);
	if (best->busy >= BUSY_PART)
		warn(warnings, WARN_BUSY, "wait until the machine is idle, or stop what runs on it",
		     "even the least busy CPU (%d) is in use %.0f %% of the time", best->number,
		     100 * best->busy);
	if (best->sibling >= BUSY_PART)
		warn(warnings, WARN_SMT_BUSY,
		     "echo off > /sys/devices/system/cpu/smt/control, or keep the sibling idle",
		     "the other thread of CPU %d's core is in use %.0f %% of the time and takes a "
		     "part of it",
		     best->number, 100 * best->sibling);
	judge_core(state, warnings);
	if (best->stolen >= STEAL_PART)
		warn(warnings, WARN_STEAL,
		     "ask for CPUs of its own for this virtual machine, or measure elsewhere",
		     "the hypervisor gives CPU %d to others %.0f %% of the time", best->number,
		     100 * best->stolen);
}

static void judge_frequency(const struct host_facts *facts, const struct host_state *state,
			    struct host_warnings *warnings)
{
	if (facts->governor[0] && strcmp(facts->governor, "performance") != 0)
		warn(warnings, WARN_GOVERNOR, "cpupower frequency-set -g performance",
		     "the CPU's frequency follows the load (governor %s)", facts->governor);
	if (!strcmp(state->boost, "on"))
		warn(warnings, WARN_BOOST,
		     "echo 0 > /sys/devices/system/cpu/cpufreq/boost, or with intel_pstate "
		     "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo",
		     "boost is on: the core's clock changes with temperature and with what other "
		     "cores do, the TSC's does not");
}

static void judge_tsc(const struct host_state *state, struct host_warnings *warnings)
{
	enum tsc_source off = tsc_disagreement(&state->frequency, FREQUENCY_PARTS);
	uint64_t wrong = state->tsc.backwards + state->tsc.out_of_order;

	if (!state->tsc.invariant)
		warn(warnings, WARN_TSC_NOT_INVARIANT,
		     "use another CPU, or a virtual machine that passes the flag on",
		     "the TSC is not invariant: its cycles are no measure of time");
	if (wrong)
		warn(warnings, WARN_TSC_BACKWARDS, "update the firmware, or measure elsewhere",
		     "%llu readings of the TSC were less than the one before (%llu after a move to "
		     "another CPU)",
		     (unsigned long long)wrong, (unsigned long long)state->tsc.out_of_order);
	if (state->tsc.step != 1)
		warn(warnings, WARN_TSC_STEP,
		     "trust batched figures, and single windows only to that many cycles",
		     "the TSC advances in steps of %llu cycles",
		     (unsigned long long)state->tsc.step);
	if (off < TSC_SOURCES)
		warn(warnings, WARN_TSC_FREQUENCY,
		     "look at dmesg for the calibration of the TSC; do not trust ns until it is "
		     "clear",
		     "the TSC runs at %.3f MHz says %s, but CLOCK_MONOTONIC_RAW says %.3f MHz",
		     state->frequency.told[off] / 1e6, tsc_source_name(off),
		     state->frequency.measured / 1e6);
	/* The clocks of hypervisors are made from the TSC. */
	if (state->clocksource[0] &&
	    !strstr("tsc kvm-clock xen hyperv_clocksource_tsc_page", state->clocksource))
		warn(warnings, WARN_CLOCKSOURCE, "look at dmesg for what the kernel found wrong",
		     "the kernel keeps time by %s and not by the TSC", state->clocksource);
}

static void judge_mitigations(const struct host_facts *facts, struct host_warnings *warnings)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for (size_t i = 0; i < facts->mitigations.count; i++) {
		const struct pair *pair = &facts->mitigations.at[i];

		if (g_str_has_prefix(pair->value, "Mitigation"))
			g_string_append_printf(names, "%s%s", names->len ? ", " : "", pair->name);
	}
	if (names->len)
		warn(warnings, WARN_MITIGATIONS,
		     "nothing, if that is the kernel of interest; mitigations=off on its command "
		     "line shows it without, on a machine with nothing to lose",
		     "the kernel works against %s: that is part of every crossing", names->str);
}

static void judge_surroundings(const struct host_state *state, struct host_warnings *warnings)
{
	if (state->hypervisor)
		warn(warnings, WARN_VIRTUAL, "measure on a real machine to be sure",
		     "this host is itself a virtual machine: its neighbours show only by what they "
		     "take of a core");
	if (state->kvm && !state->kvm_hardware)
		warn(warnings, WARN_SOFTWARE_KVM,
		     "use a host with hardware virtualization for machine kvm; the others go on",
		     "/dev/kvm is there, but the CPU has neither vmx nor svm: this KVM is done in "
		     "software");
	if (!state->realtime)
		warn(warnings, WARN_NO_REALTIME,
		     "run as root, or allow it with ulimit -r 1 (limits.conf: rtprio)",
		     "programs get no real-time priority: others may run in between");
	if (state->no_pmu)
		warn(
		    warnings, WARN_NO_PMU,
		    "measure on a real machine, or turn the virtual PMU on; ticks of the TSC go on",
		    "%s", state->no_pmu);
}

void host_judge(const struct host_facts *facts, const struct host_state *state,
		struct host_warnings *warnings)
{
	judge_cpus(state, warnings);
	judge_frequency(facts, state, warnings);
	judge_tsc(state, warnings);
	judge_mitigations(facts, warnings);
	judge_surroundings(state, warnings);
}

void host_warnings_free(struct host_warnings *warnings)
{
	for (size_t i = 0; i < warnings->count; i++) {
		free(warnings->at[i].text);
		free(warnings->at[i].remedy);
	}
	free(warnings->at);
	*warnings = (struct host_warnings){0};
}
