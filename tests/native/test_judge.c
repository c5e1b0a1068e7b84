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

/* This warning and no other, with a word in its text; and a remedy. */
static void assert_only(const struct fixture *fixture, enum host_warning_kind kind,
			const char *word)
{
	struct host_warnings warnings = {0};

	host_judge(&fixture->facts, &fixture->state, &warnings);
	assert_int_equal(warnings.count, 1);
	assert_int_equal(warnings.at[0].kind, kind);
	assert_non_null(strstr(warnings.at[0].text, word));
	assert_true(warnings.at[0].remedy[0]);
	host_warnings_free(&warnings);
}

static void assert_none(const struct fixture *fixture)
{
	struct host_warnings warnings = {0};

	host_judge(&fixture->facts, &fixture->state, &warnings);
	assert_int_equal(warnings.count, 0);
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
		assert_none(&f);                                                                   \
	} while (0)

static void test_perfect_host(void **state)
{
	(void)state;
	QUIET((void)f);
}

static void test_cpus(void **state)
{
	(void)state;
	CASE(f.state.cpu_count = 1, WARN_ONE_CPU, "only one CPU");
	CASE(f.cpus[0].isolated = false, WARN_NOT_ISOLATED, "CPU 1");
	CASE(f.cpus[0].busy = 0.25, WARN_BUSY, "25 %");
	CASE(f.cpus[0].sibling = 0.5, WARN_SMT_BUSY, "50 %");
	CASE(f.cpus[0].stolen = 0.03, WARN_STEAL, "3 %");
	CASE(f.state.core.part = 0.4, WARN_SHARED_CORE, "40 %");
	CASE(f.state.core.adders = 3.8, WARN_SHARED_CORE, "3.80 adds");
	QUIET(f.state.core.adders = 3.97);
	QUIET(f.state.core.adders = NAN; f.state.core.part = NAN);
	QUIET(f.cpus[0].busy = 0.05);
	QUIET(f.cpus[0].busy = NAN; f.cpus[0].stolen = NAN);
	QUIET(f.cpus[1].busy = 1);
}

static void test_frequency(void **state)
{
	(void)state;
	CASE(f.facts.governor = "powersave", WARN_GOVERNOR, "powersave");
	CASE(f.state.boost = "on", WARN_BOOST, "boost");
	QUIET(f.facts.governor = ""; f.state.boost = "");
}

static void test_tsc(void **state)
{
	(void)state;
	CASE(f.state.tsc.invariant = false, WARN_TSC_NOT_INVARIANT, "not invariant");
	CASE(f.state.tsc.backwards = 3, WARN_TSC_BACKWARDS, "3 readings");
	CASE(f.state.tsc.out_of_order = 2, WARN_TSC_BACKWARDS, "2 after a move");
	CASE(f.state.tsc.step = 26, WARN_TSC_STEP, "26 cycles");
	CASE(f.state.tsc.step = 0, WARN_TSC_STEP, "0 cycles");
	CASE(f.state.frequency.told[TSC_FROM_KERNEL] = 2.001e9, WARN_TSC_FREQUENCY,
	     "2001.000 MHz says the kernel");
	CASE(f.state.clocksource = "hpet", WARN_CLOCKSOURCE, "hpet");
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
	CASE((f.facts.mitigations = (struct pairs){pairs, 4}), WARN_MITIGATIONS,
	     "meltdown, spectre_v1:");
	CASE(f.state.hypervisor = true, WARN_VIRTUAL, "virtual machine");
	CASE(f.state.kvm_hardware = false, WARN_SOFTWARE_KVM, "software");
	CASE(f.state.realtime = false, WARN_NO_REALTIME, "real-time");
	CASE(f.state.no_pmu = "no PMU on this machine: none", WARN_NO_PMU, "no PMU on this");
	QUIET(f.state.kvm = false; f.state.kvm_hardware = false);
	QUIET((f.facts.mitigations = (struct pairs){pairs + 1, 1}));
}

/* JSON has them: a name each, none twice. */
static void test_codes(void **state)
{
	(void)state;
	for (int i = 0; i < WARN_KINDS; i++) {
		assert_non_null(host_warning_code(i));
		for (int j = 0; j < i; j++)
			assert_string_not_equal(host_warning_code(i), host_warning_code(j));
	}
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
	    cmocka_unit_test(test_surroundings), cmocka_unit_test(test_codes),
	    cmocka_unit_test(test_flags),	 cmocka_unit_test(test_this_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
