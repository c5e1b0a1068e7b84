/* Judges the state of the host. */
#include "host/host.h"

/* Parts of the time from which on a CPU is not one's own; a tick of the bookkeeping is less. */
#define BUSY_PART   0.1
#define STEAL_PART  0.01
#define SHARED_PART 0.1

/* The kernel's clocks agree within some tens of parts in a million, or something is wrong. */
#define FREQUENCY_PARTS 200e-6

/* Who is told. */
struct warner {
	host_warn_fn *warn;
	void *context;
};

__attribute__((format(printf, 4, 5))) static void
warn(const struct warner *warner, const char *code, const char *remedy, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	warner->warn(warner->context, code, text, remedy);
}

/* Also what runs on the core by a hypervisor's doing. */
static void judge_core(const struct host_state *state, const struct warner *warner)
{
	const struct core_share *core = &state->core;
	const char *remedy = "wait, or measure elsewhere; boots that shared the core are set aside";

	if (core->part >= SHARED_PART)
		warn(warner, "shared_core", remedy,
		     "another thread used CPU %d's core %.0f %% of the time: fewer than its %.2f "
		     "adds a core cycle",
		     state->cpus[0].number, 100 * core->part, core->adders);
}

static void judge_cpus(const struct host_state *state, const struct warner *warner)
{
	const struct cpu *best = &state->cpus[0];

	if (state->cpu_count < 2)
		warn(warner, "one_cpu", "give this host a second CPU",
		     "there is only one CPU: what is measured shares it with everything else");
	if (!best->isolated)
		warn(warner, "not_isolated",
		     "boot with isolcpus=N nohz_full=N rcu_nocbs=N for one CPU N but 0",
		     "no CPU is isolated: the scheduler and the timer tick use CPU %d too",
		     best->number);
	if (best->busy >= BUSY_PART)
		warn(warner, "busy", "wait until the machine is idle, or stop what runs on it",
		     "even the least busy CPU (%d) is in use %.0f %% of the time", best->number,
		     100 * best->busy);
	if (best->sibling >= BUSY_PART)
		warn(warner, "smt_busy",
		     "echo off > /sys/devices/system/cpu/smt/control, or keep the sibling idle",
		     "the other thread of CPU %d's core is in use %.0f %% of the time and takes a "
		     "part of it",
		     best->number, 100 * best->sibling);
	judge_core(state, warner);
	if (best->stolen >= STEAL_PART)
		warn(warner, "steal",
		     "ask for CPUs of its own for this virtual machine, or measure elsewhere",
		     "the hypervisor gives CPU %d to others %.0f %% of the time", best->number,
		     100 * best->stolen);
}

static void judge_frequency(const struct host_facts *facts, const struct host_state *state,
			    const struct warner *warner)
{
	if (facts->governor[0] && strcmp(facts->governor, "performance") != 0)
		warn(warner, "governor", "cpupower frequency-set -g performance",
		     "the CPU's frequency follows the load (governor %s)", facts->governor);
	if (!strcmp(state->boost, "on"))
		warn(warner, "boost",
		     "echo 0 > /sys/devices/system/cpu/cpufreq/boost, or with intel_pstate echo 1 "
		     "> /sys/devices/system/cpu/intel_pstate/no_turbo",
		     "boost is on: the core's clock changes with temperature and with what other "
		     "cores do, the TSC's does not");
}

static void judge_tsc(const struct host_state *state, const struct warner *warner)
{
	enum tsc_source off = tsc_disagreement(&state->frequency, FREQUENCY_PARTS);
	uint64_t wrong = state->tsc.backwards + state->tsc.out_of_order;

	if (!state->tsc.invariant)
		warn(warner, "tsc_not_invariant",
		     "use another CPU, or a virtual machine that passes the flag on (QEMU: -cpu "
		     "host,migratable=no)",
		     "the TSC is not invariant: its cycles are no measure of time");
	if (wrong)
		warn(warner, "tsc_backwards", "update the firmware, or measure elsewhere",
		     "%" PRIu64 " readings of the TSC were less than the one before (%" PRIu64
		     " after a move to another CPU)",
		     wrong, state->tsc.out_of_order);
	if (state->tsc.step != 1)
		warn(warner, "tsc_step",
		     "trust batched figures, and single windows only to that many cycles",
		     "the TSC advances in steps of %" PRIu64 " cycles", state->tsc.step);
	if (off < TSC_SOURCES)
		warn(warner, "tsc_frequency",
		     "look at dmesg for the calibration of the TSC; do not trust ns until it is "
		     "clear",
		     "the TSC runs at %.3f MHz says %s, but CLOCK_MONOTONIC_RAW says %.3f MHz",
		     state->frequency.told[off] / 1e6, tsc_tellers[off].name,
		     state->frequency.measured / 1e6);
	/* The clocks of hypervisors are made from the TSC. */
	if (state->clocksource[0] &&
	    !strstr("tsc kvm-clock xen hyperv_clocksource_tsc_page", state->clocksource))
		warn(warner, "clocksource", "look at dmesg for what the kernel found wrong",
		     "the kernel keeps time by %s and not by the TSC", state->clocksource);
}

static void judge_mitigations(const struct host_facts *facts, const struct warner *warner)
{
	g_autoptr(GString) names = g_string_new(NULL);

	for_each(const struct pair, pair, facts->mitigations.at, facts->mitigations.count)
		if (g_str_has_prefix(pair->value, "Mitigation"))
			g_string_append_printf(names, "%s%s", names->len ? ", " : "", pair->name);
	if (names->len)
		warn(warner, "mitigations",
		     "nothing, if that is the kernel of interest; mitigations=off on its command "
		     "line shows it without, on a machine with nothing to lose",
		     "the kernel works against %s: that is part of every crossing", names->str);
}

static void judge_surroundings(const struct host_state *state, const struct warner *warner)
{
	if (state->hypervisor)
		warn(warner, "virtual", "measure on a real machine to be sure",
		     "this host is itself a virtual machine: its neighbours show only by what they "
		     "take of a core");
	if (state->kvm && !state->kvm_hardware)
		warn(warner, "software_kvm",
		     "use a host with hardware virtualization for machine kvm; the others go on",
		     "/dev/kvm is there, but the CPU has neither vmx nor svm: this KVM is done in "
		     "software");
	if (!state->realtime)
		warn(warner, "no_realtime",
		     "run as root, or allow it with ulimit -r 1 (limits.conf: rtprio)",
		     "programs get no real-time priority: others may run in between");
	if (state->no_pmu)
		warn(
		    warner, "no_pmu",
		    "measure on a real machine, or turn the virtual PMU on; ticks of the TSC go on",
		    "%s", state->no_pmu);
}

void host_judge(const struct host_facts *facts, const struct host_state *state, host_warn_fn *warn,
		void *context)
{
	const struct warner warner = {warn, context};

	judge_cpus(state, &warner);
	judge_frequency(facts, state, &warner);
	judge_tsc(state, &warner);
	judge_mitigations(facts, &warner);
	judge_surroundings(state, &warner);
}
