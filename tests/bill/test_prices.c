/* On tcg every price of a ring-0 instruction must come out as exactly the instructions that it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <entrybench/price.h>

#include "tool.h"

static const struct {
	const char *name;
	int count;
} prices[] = {
#define PRICE_ROW(name, needs, count) {#name, count},
    EB_PRICES(PRICE_ROW)};

#define PRICES ((int)(sizeof(prices) / sizeof(prices[0])))

static const json_t *cell_of(const json_t *run, const char *name)
{
	const json_t *cell;
	size_t i;

	json_array_foreach(json_object_get(run, "rows"), i, cell)
	{
		const char *bench = json_string_value(json_object_get(cell, "bench"));

		if (bench && !strncmp(bench, "kernel_price:", 13) && !strcmp(bench + 13, name))
			return cell;
	}
	return NULL;
}

static double round_trip(const json_t *cell)
{
	return json_number_value(json_object_get(cell, "estimate"));
}

static void prices_are_their_instructions(void **state)
{
	char folder[] = "/tmp/entrybench-prices-XXXXXX", command[128];
	int status, exact = 0;
	json_t *none, *run;

	(void)state;
	assert_non_null(mkdtemp(folder));
	none = tool_json(&status, "run -q -m tcg -V sysret-kpti -B kernel_price -b 1 -o %s/run >&2",
			 folder);
	json_decref(none);
	assert_int_equal(status, 0);
	run = tool_json(&status, "export --format json %s/run", folder);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	assert_int_equal(system(command), 0);
	assert_non_null(run);
	for (int i = 0; i < PRICES; i++) {
		const json_t *cell = cell_of(run, prices[i].name);
		const char *cell_status = json_string_value(json_object_get(cell, "status"));

		assert_non_null(cell);
		if (!strcmp(cell_status, "skipped"))
			continue; /* the CPU lacks it */
		if (strcmp(cell_status, "ok") != 0 || round_trip(cell) != prices[i].count)
			fail_msg("%s: %s, %g instructions, not %d", prices[i].name, cell_status,
				 round_trip(cell), prices[i].count);
		exact++;
	}
	json_decref(run);
	print_message("%d of %d prices are exact, the CPU lacks the others\n", exact, PRICES);
	assert_true(exact >= 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(prices_are_their_instructions),
	};

	return cmocka_run_group_tests_name("prices", tests, NULL, NULL);
}
