/*
 * On tcg the cost of a ring-0 instruction must be exactly the number of instructions it consists
 * of.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <entrybench/cost.h>

#include "tool.h"

static const struct {
	const char *name;
	int count;
} costs[] = {
#define COST_ROW(name, needs, count) {#name, count},
    EB_COSTS(COST_ROW)};

#define COSTS ((int)(sizeof(costs) / sizeof(costs[0])))

#define PREFIX "kernel_instruction_cost:"

static const json_t *cell_of(const json_t *run, const char *name)
{
	const json_t *cell;
	size_t i;

	json_array_foreach(json_object_get(run, "rows"), i, cell) {
		const char *bench = json_string_value(json_object_get(cell, "bench"));

		if (bench && !strncmp(bench, PREFIX, strlen(PREFIX)) &&
		    !strcmp(bench + strlen(PREFIX), name))
			return cell;
	}
	return NULL;
}

static double round_trip(const json_t *cell)
{
	return json_number_value(json_object_get(cell, "estimate"));
}

static void costs_are_their_instructions(void **state)
{
	char folder[] = "/tmp/entrybench-costs-XXXXXX", command[128];
	int status, exact = 0;
	json_t *none, *run;

	(void)state;
	assert_non_null(mkdtemp(folder));
	none = tool_json(
	    &status, "run -q -m tcg -V sysret-kpti -B kernel_instruction_cost -b 1 -o %s/run >&2",
	    folder);
	json_decref(none);
	assert_int_equal(status, 0);
	run = tool_json(&status, "export --format json %s/run", folder);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	assert_int_equal(system(command), 0);
	assert_non_null(run);
	for (int i = 0; i < COSTS; i++) {
		const json_t *cell = cell_of(run, costs[i].name);
		const char *cell_status = json_string_value(json_object_get(cell, "status"));

		assert_non_null(cell);
		if (!strcmp(cell_status, "skipped"))
			continue; /* the CPU lacks it */
		if (strcmp(cell_status, "ok") != 0 || round_trip(cell) != costs[i].count)
			fail_msg("%s: %s, %g instructions, not %d", costs[i].name, cell_status,
				 round_trip(cell), costs[i].count);
		exact++;
	}
	json_decref(run);
	print_message("%d of %d costs are exact, the CPU lacks the others\n", exact, COSTS);
	assert_true(exact >= 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(costs_are_their_instructions),
	};

	return cmocka_run_group_tests_name("costs", tests, NULL, NULL);
}
