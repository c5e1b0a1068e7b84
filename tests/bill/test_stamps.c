/*
 * On tcg the bill by time stamps and the bill by the plugin must agree in every phase, to the last
 * instruction.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tool.h"

#define NOT_HERE 77

/* "syscall.stack" and "stack" are the same phase. */
static const char *short_name(const char *phase)
{
	const char *dot = strchr(phase, '.');

	return dot ? dot + 1 : phase;
}

static double count_of(const json_t *bill, const char *phase)
{
	double sum = 0;
	const json_t *line;
	size_t i;

	json_array_foreach(json_object_get(bill, "lines"), i, line) {
		if (!strcmp(short_name(json_string_value(json_object_get(line, "phase"))), phase))
			sum += json_number_value(json_object_get(line, "count"));
	}
	return sum;
}

static int has_phase(const json_t *bill, const char *phase)
{
	const json_t *line;
	size_t i;

	json_array_foreach(json_object_get(bill, "lines"), i, line) {
		if (!strcmp(short_name(json_string_value(json_object_get(line, "phase"))), phase))
			return 1;
	}
	return 0;
}

/* Before the first stamp stand the SYSCALL and the phases that take none, such as swapgs. */
static double plugin_count(const json_t *plugin, const json_t *stamps, const char *phase)
{
	double count = count_of(plugin, phase);
	const json_t *line;
	size_t i;

	if (strcmp(phase, "enter"))
		return count;
	json_array_foreach(json_object_get(plugin, "lines"), i, line) {
		const char *name = json_string_value(json_object_get(line, "phase"));

		if (!has_phase(stamps, short_name(name)))
			count += json_number_value(json_object_get(line, "count"));
	}
	return count;
}

static void compare(const char *variant, const json_t *stamps, const json_t *plugin)
{
	const json_t *line;
	double sum = 0;
	size_t i;

	assert_float_equal(json_number_value(json_object_get(stamps, "total")),
			   json_number_value(json_object_get(plugin, "total")), 0);
	assert_float_equal(json_number_value(json_object_get(stamps, "unexplained")), 0, 0);
	json_array_foreach(json_object_get(stamps, "lines"), i, line) {
		const char *phase = short_name(json_string_value(json_object_get(line, "phase")));
		double by_stamp = json_number_value(json_object_get(line, "count"));

		if (by_stamp != plugin_count(plugin, stamps, phase))
			fail_msg("%s, %s: %g by stamps, %g by the plugin", variant, phase, by_stamp,
				 plugin_count(plugin, stamps, phase));
		sum += by_stamp;
	}
	assert_true(i > 5);
	assert_float_equal(sum, json_number_value(json_object_get(plugin, "total")), 0);
}

static int has_stamps(const json_t *variant)
{
	/* a variant without features is a whole kernel of somebody else's */
	return json_is_true(json_object_get(variant, "safe")) &&
	       json_object_size(json_object_get(variant, "features")) > 0;
}

static void stamps_and_plugin_agree(void **state)
{
	int status, compared = 0;
	json_t *list = tool_json(&status, "list --json"), *variant;
	size_t i;

	(void)state;
	assert_non_null(list);
	json_array_foreach(json_object_get(list, "variants"), i, variant) {
		const char *name = json_string_value(json_object_get(variant, "name"));
		json_t *stamps, *plugin;
		int stamps_status, plugin_status;

		if (!has_stamps(variant))
			continue;
		stamps = tool_json(&stamps_status, "bill --json --stamped '%s' 2>/dev/null", name);
		if (stamps_status == NOT_HERE) /* tcg lacks what it needs */
			continue;
		plugin = tool_json(&plugin_status, "bill --json '%s'", name);
		if (stamps_status != 0 || plugin_status != 0)
			fail_msg("%s: exit status %d with stamps, %d with the plugin", name,
				 stamps_status, plugin_status);
		compare(name, stamps, plugin);
		compared++;
		json_decref(stamps);
		json_decref(plugin);
	}
	json_decref(list);
	print_message("%d variants agree\n", compared);
	assert_true(compared >= 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(stamps_and_plugin_agree),
	};

	return cmocka_run_group_tests_name("stamps", tests, NULL, NULL);
}
