/* Events by libpfm4's names: encodings for several CPUs, and clear words where there is no PMU. */
#include <linux/perf_event.h>
#include <perfmon/pfmlib.h>

#include "host/host.h"
#include "scratch.h"

static struct pmu_events parse(const char *list)
{
	struct pmu_events events = {.count = 0};
	struct error error = {""};

	if (pmu_parse(list, &events, &error))
		fail_msg("%s", error.text);
	return events;
}

static void assert_refused(const char *list, const char *word)
{
	struct pmu_events events = {.count = 0};
	struct error error = {""};

	assert_int_equal(pmu_parse(list, &events, &error), -1);
	assert_non_null(strstr(error.text, word));
	pmu_events_free(&events);
}

/* SDM vol. 3, table of architectural events; APM and PPRs of the families, PMCx076 and PMCx0C0. */
static void test_codes(void **state)
{
	static const struct {
		const char *name, *codes;
	} known[] = {
	    {"skl::UNHALTED_CORE_CYCLES", "43003c"},
	    {"skl::UNHALTED_CORE_CYCLES:u", "41003c"},
	    {"skl::UNHALTED_CORE_CYCLES:k", "42003c"},
	    {"icl::INSTRUCTION_RETIRED:k", "4200c0"},
	    {"hsw::BRANCH_INSTRUCTIONS_RETIRED", "4300c4"},
	    {"spr::UNHALTED_CORE_CYCLES:u", "41003c"},
	    {"amd64_fam19h_zen4::CYCLES_NOT_IN_HALT", "430076"},
	    {"amd64_fam19h_zen4::CYCLES_NOT_IN_HALT:k", "420076"},
	    {"amd64_fam19h_zen3::RETIRED_INSTRUCTIONS:u", "4100c0"},
	    {"amd64_fam17h_zen2::RETIRED_INSTRUCTIONS", "4300c0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct pmu_events events = parse(known[i].name);
		char *codes = pmu_codes(&events, NULL);

		assert_int_equal(events.count, 1);
		assert_int_equal(events.at[0].attr.type, PERF_TYPE_RAW);
		assert_non_null(codes);
		assert_string_equal(codes, known[i].codes);
		free(codes);
		pmu_events_free(&events);
	}
}

/* Ours against libpfm4's own, for every event of some CPUs that has no unit masks to choose. */
static void compare_all(pfm_pmu_t pmu, int least)
{
	pfm_pmu_info_t about = {.size = sizeof(about)};
	int compared = 0;

	assert_int_equal(pfm_get_pmu_info(pmu, &about), PFM_SUCCESS);
	for (int i = about.first_event; i >= 0; i = pfm_get_event_next(i)) {
		pfm_event_info_t event = {.size = sizeof(event)};
		pfm_pmu_encode_arg_t wanted = {.size = sizeof(wanted)};
		struct pmu_events ours = {.count = 0};
		char *name;

		assert_int_equal(pfm_get_event_info(i, PFM_OS_NONE, &event), PFM_SUCCESS);
		name = g_strdup_printf("%s::%s", about.name, event.name);
		if (pfm_get_os_event_encoding(name, PFM_PLM0 | PFM_PLM3, PFM_OS_NONE, &wanted) ==
			PFM_SUCCESS &&
		    wanted.count == 1 && wanted.codes[0] & 0xff) {
			char *text = g_strdup_printf("%llx", (unsigned long long)wanted.codes[0] &
								 ~(1ull << 20)),
			     *codes;

			assert_int_equal(pmu_parse(name, &ours, NULL), 0);
			codes = pmu_codes(&ours, NULL);
			assert_non_null(codes);
			assert_string_equal(codes, text);
			compared++;
			free(codes);
			free(text);
		}
		pmu_events_free(&ours);
		free(wanted.codes);
		free(name);
	}
	assert_true(compared >= least);
}

static void test_against_libpfm(void **state)
{
	(void)state;
	compare_all(PFM_PMU_INTEL_SKL, 8);
	compare_all(PFM_PMU_INTEL_ICL, 8);
	compare_all(PFM_PMU_AMD64_FAM19H_ZEN4, 20);
	compare_all(PFM_PMU_AMD64_FAM17H_ZEN2, 20);
}

/* An event of a fixed counter must not end up as some other one in a general counter. */
static void test_fixed_counter(void **state)
{
	struct pmu_events events = parse("skl::UNHALTED_REFERENCE_CYCLES");
	struct error error = {""};

	(void)state;
	assert_null(pmu_codes(&events, &error));
	assert_non_null(strstr(error.text, "no general counter"));
	pmu_events_free(&events);
}

static void test_software_events(void **state)
{
	struct pmu_events events = parse("page-faults,context-switches:k,task-clock");
	struct error error = {""};
	char *option;

	(void)state;
	assert_int_equal(events.count, 3);
	assert_int_equal(events.at[0].attr.type, PERF_TYPE_SOFTWARE);
	assert_true(!events.at[0].attr.exclude_user && !events.at[0].attr.exclude_kernel);
	assert_true(events.at[1].attr.exclude_user && !events.at[1].attr.exclude_kernel);
	assert_string_equal(events.at[2].name, "task-clock");
	pmu_events_free(&events);
	events = parse("page-faults:u,context-switches:k,task-clock");
	assert_true(!events.at[0].attr.exclude_user && events.at[0].attr.exclude_kernel);
	option = pmu_option_linux(&events);
	/* PERF_COUNT_SW_PAGE_FAULTS is 2, CONTEXT_SWITCHES 3, TASK_CLOCK 1. */
	assert_string_equal(option, "linux:1.2.0.0.u,1.3.0.0.k,1.1.0.0.uk");
	assert_null(pmu_codes(&events, &error));
	assert_non_null(strstr(error.text, "no general counter"));
	free(option);
	pmu_events_free(&events);
}

static void test_bad_lists(void **state)
{
	(void)state;
	assert_refused("nonsense", "-e nonsense: event not found");
	assert_refused("page-faults,", "a name is missing");
	assert_refused("", "a name is missing");
	assert_refused("page-faults:purple", "-e page-faults:purple");
	assert_refused("a-b,page-faults", "-e a-b");
	assert_refused("page-faults,page-faults,page-faults,page-faults,page-faults,page-faults,"
		       "page-faults,page-faults,page-faults",
		       "at most 8");
}

/*
 * Software events can be counted everywhere; hardware where there is some, else one line says that
 * there is none.
 */
static void test_check(void **state)
{
	struct pmu_events software = parse("page-faults:u,task-clock:u"),
			  hardware = parse("cycles:u");
	struct error error = {""};
	int result;

	(void)state;
	assert_int_equal(pmu_check(&software, &error), 0);
	result = pmu_check(&hardware, &error);
	if (pmu_missing()) {
		assert_int_equal(result, -1);
		assert_non_null(strstr(error.text, "-e cycles:u: no PMU on this machine: "));
	} else {
		assert_int_equal(result, 0);
	}
	pmu_events_free(&software);
	pmu_events_free(&hardware);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_codes),	  cmocka_unit_test(test_against_libpfm),
	    cmocka_unit_test(test_fixed_counter), cmocka_unit_test(test_software_events),
	    cmocka_unit_test(test_bad_lists),	  cmocka_unit_test(test_check),
	};

	/* Events of CPUs that this one is not. libpfm4 looks at it once, when it starts. */
	setenv("LIBPFM_ENCODE_INACTIVE", "1", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
