/* Each warning about a host comes when, and only when, there is cause for it. */
#include <math.h>

#include "host/host.h"
#include "scratch.h"

/* A host with nothing to say against it. */
struct fixture {
	struct host_facts facts;
	struct host_state state;
	struct cpu cpus[2];
};

static void make(struct fixture *fixture)
{
	*fixture = (struct fixture){
	    .facts = {.governor = "performance"},
	    .state = {.cpu_count = 2,
		      .boost = "off",
		      .clocksource = "tsc",
		      .frequency = {.measured = 2e9, .hz = 2e9},
		      .tsc = {.invariant = true, .step = 1},
		      .core = {.adders = 4.01, .part = 0.02},
		      .kvm = true,
		      .kvm_hardware = true,
		      .realtime = true},
	    .cpus = {{.number = 1, .isolated = true, .sibling = NAN}, {.number = 0}},
	};
	fixture->state.cpus = fixture->cpus;
	for (int i = 0; i < TSC_SOURCES; i++)
		fixture->state.frequency.told[i] = NAN;
}

struct seen {
	const char *code, *word; /* NULL: none is expected */
	unsigned count;
};

static void see(void *context, const char *code, const char *text, const char *remedy)
{
	struct seen *seen = context;

	if (!seen->code)
		fail_msg("%s: %s", code, text);
	assert_string_equal(code, seen->code);
	assert_non_null(strstr(text, seen->word));
	assert_true(remedy[0]);
	seen->count++;
}

/* This warning and no other, with a word in its text; and a remedy. */
static void assert_only(const struct fixture *fixture, const char *code, const char *word)
{
	struct seen seen = {code, word, 0};

	host_judge(&fixture->facts, &fixture->state, see, &seen);
	assert_int_equal(seen.count, code ? 1 : 0);
}

#define CASE(change, kind, word)                                                                   \
	do {                                                                                       \
		struct fixture f;                                                                  \
		make(&f);                                                                          \
		change;                                                                            \
		assert_only(&f, kind, word);                                                       \
	} while (0)

#define QUIET(change)                                                                              \
	do {                                                                                       \
		struct fixture f;                                                                  \
		make(&f);                                                                          \
		change;                                                                            \
		assert_only(&f, NULL, NULL);                                                       \
	} while (0)

static void test_perfect_host(void **state)
{
	(void)state;
	QUIET((void)f);
}

static void test_cpus(void **state)
{
	(void)state;
	CASE(f.state.cpu_count = 1, "one_cpu", "only one CPU");
	CASE(f.cpus[0].isolated = false, "not_isolated", "CPU 1");
	CASE(f.cpus[0].busy = 0.25, "busy", "25 %");
	CASE(f.cpus[0].sibling = 0.5, "smt_busy", "50 %");
	CASE(f.cpus[0].stolen = 0.03, "steal", "3 %");
	CASE(f.state.core.part = 0.4, "shared_core", "40 %");
	QUIET(f.state.core.adders = 5.41); /* Zen 5: no whole number */
	QUIET(f.state.core.adders = NAN; f.state.core.part = NAN);
	QUIET(f.cpus[0].busy = 0.05);
	QUIET(f.cpus[0].busy = NAN; f.cpus[0].stolen = NAN);
	QUIET(f.cpus[1].busy = 1);
}

static void test_frequency(void **state)
{
	(void)state;
	CASE(f.facts.governor = "powersave", "governor", "powersave");
	CASE(f.state.boost = "on", "boost", "boost");
	QUIET(f.facts.governor = ""; f.state.boost = "");
}

static void test_tsc(void **state)
{
	(void)state;
	CASE(f.state.tsc.invariant = false, "tsc_not_invariant", "not invariant");
	CASE(f.state.tsc.backwards = 3, "tsc_backwards", "3 readings");
	CASE(f.state.tsc.out_of_order = 2, "tsc_backwards", "2 after a move");
	CASE(f.state.tsc.step = 26, "tsc_step", "26 cycles");
	CASE(f.state.tsc.step = 0, "tsc_step", "0 cycles");
	CASE(f.state.frequency.told[TSC_FROM_KERNEL] = 2.001e9, "tsc_frequency",
	     "2001.000 MHz says the kernel");
	CASE(f.state.clocksource = "hpet", "clocksource", "hpet");
	QUIET(f.state.frequency.told[TSC_FROM_KERNEL] = 2.0001e9);
	QUIET(f.state.clocksource = "kvm-clock");
}

static void test_surroundings(void **state)
{
	struct pair pairs[] = {{"meltdown", "Mitigation: PTI"},
			       {"mds", "Not affected"},
			       {"spectre_v1", "Mitigation: swapgs barriers"},
			       {"srso", "Vulnerable"}};

	(void)state;
	CASE((f.facts.mitigations = (struct pairs){pairs, 4}), "mitigations",
	     "meltdown, spectre_v1:");
	CASE(f.state.hypervisor = true, "virtual", "virtual machine");
	CASE(f.state.kvm_hardware = false, "software_kvm", "software");
	CASE(f.state.realtime = false, "no_realtime", "real-time");
	CASE(f.state.no_pmu = "no PMU on this machine: none", "no_pmu", "no PMU on this");
	QUIET(f.state.kvm = false; f.state.kvm_hardware = false);
	QUIET((f.facts.mitigations = (struct pairs){pairs + 1, 1}));
}

static void test_flags(void **state)
{
	static const char text[] =
	    "processor\t: 0\nflags\t\t: fpu vme nonstop_tsc svm\nbugs\t: vmx\n";

	(void)state;
	assert_true(cpuinfo_has(text, "fpu"));
	assert_true(cpuinfo_has(text, "svm"));
	assert_false(cpuinfo_has(text, "vmx"));
	assert_false(cpuinfo_has(text, "tsc"));
	assert_false(cpuinfo_has(text, "nonstop"));
	assert_false(cpuinfo_has("", "fpu"));
}

static void test_this_host(void **unused)
{
	struct host_state state;

	(void)unused;
	host_state_read(&state, 0.1);
	assert_true(state.cpu_count >= 1);
	assert_true(state.frequency.hz > 1e8);
	host_state_free(&state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_perfect_host), cmocka_unit_test(test_cpus),
	    cmocka_unit_test(test_frequency),	 cmocka_unit_test(test_tsc),
	    cmocka_unit_test(test_surroundings), cmocka_unit_test(test_flags),
	    cmocka_unit_test(test_this_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
