/* run.schema.json accepts every run.json that the tool writes, and refuses those that are spoilt in one place. */
#include "scratch.h"

#include "made_up.h"
#include "schema.h"

static json_t *load(const char *path)
{
	json_error_t error;
	json_t *json = json_load_file(path, 0, &error);

	if (!json)
		fail_msg("%s: %s", path, error.text);
	return json;
}

static json_t *load_schema(void)
{
	return load(ENTRYBENCH_SOURCE "/results/schema/run.schema.json");
}

static json_t *written(enum made_up kind, const char *dir)
{
	char *path = path_join(dir, RUN_FILE);
	struct error error;
	struct run run;

	made_up_fill(&run, kind, NULL);
	assert_int_equal(run_save(&run, dir, &error), 0);
	run_free(&run);
	json_t *json = load(path);

	free(path);
	return json;
}

static void what_the_tool_writes_is_accepted(void **state)
{
	json_t *schema = load_schema();

	for (int kind = 0; kind < MADE_UP_COUNT; kind++) {
		json_t *json = written((enum made_up)kind, *state);
		struct schema_error error;

		if (!schema_accepts(schema, json, &error))
			fail_msg("%s: %s %s", made_up_names[kind], error.where, error.what);
		json_decref(json);
	}
	json_decref(schema);
}

/* Follows "a/0/b" to the object or array that holds the last name. */
static json_t *parent_of(json_t *json, char *path, char **last)
{
	for (*last = path; strchr(*last, '/');) {
		char *name = *last;

		*last = strchr(name, '/') + 1;
		(*last)[-1] = 0;
		json = json_is_array(json) ? json_array_get(json, (size_t)atoi(name))
					   : json_object_get(json, name);
		assert_non_null(json);
	}
	return json;
}

/* NULL as value: the item is taken out. */
static void spoil(json_t *json, const char *path, const char *value)
{
	char *copy = memory_copy(path), *last;
	json_t *parent = parent_of(json, copy, &last);

	if (value)
		json_object_set_new(parent, last, json_loads(value, JSON_DECODE_ANY, NULL));
	else
		assert_int_equal(json_object_del(parent, last), 0);
	free(copy);
}

static void what_is_spoilt_is_refused(void **state)
{
	static const struct {
		const char *path, *value, *where;
	} cases[] = {
	    {"schema", "\"entrybench-run/2\"", "/schema"},
	    {"seed", NULL, ""},
	    {"seed", "-1", "/seed"},
	    {"surprise", "1", ""},
	    {"started", "\"yesterday\"", "/started"},
	    {"command", "[1]", "/command/0"},
	    {"host/tsc_hz", "0", "/host/tsc_hz"},
	    {"cells/0/unit", "\"cycles\"", "/cells/0"},
	    {"cells/0/class", "\"emulator\"", "/cells/0"},
	    {"cells/0/status", "\"fine\"", "/cells/0/status"},
	    {"cells/0/bench", "\"\"", "/cells/0/bench"},
	    {"cells/0/features/exit", "true", "/cells/0/features/exit"},
	    {"cells/0/boots/0/round_trip", "\"98\"", "/cells/0/boots/0/round_trip"},
	    {"cells/0/boots/0/samples", "\"/etc/passwd\"", "/cells/0/boots/0/samples"},
	    {"cells/0/boots/0/window/p50", "1.5", "/cells/0/boots/0/window/p50"},
	    {"cells/0/boots/0/clock/backwards", NULL, "/cells/0/boots/0/clock"},
	    {"cells/0/summary/p_value", "2", "/cells/0/summary/p_value"},
	    {"cells/0/summary/round_trip/ci95", "[1]", "/cells/0/summary/round_trip/ci95"},
	    {"cells/0/summary/round_trip/ci95", "[1, 2, 3]", "/cells/0/summary/round_trip/ci95"},
	    {"cells/0/summary/verdict", "\"better\"", "/cells/0/summary/verdict"},
	};
	json_t *schema = load_schema(), *good = written(MADE_UP_SINGLE, *state);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		json_t *json = json_deep_copy(good);
		struct schema_error error = {"", ""};

		spoil(json, cases[i].path, cases[i].value);
		if (schema_accepts(schema, json, &error))
			fail_msg("%s: accepted", cases[i].path);
		assert_string_equal(error.where, cases[i].where);
		json_decref(json);
	}
	json_decref(good);
	json_decref(schema);
}

static void unknown_keywords_are_refused(void **state)
{
	(void)state;
	json_t *schema = json_loads("{\"multipleOf\": 2}", 0, NULL), *value = json_integer(4);
	struct schema_error error;

	assert_false(schema_accepts(schema, value, &error));
	assert_non_null(strstr(error.what, "multipleOf is not supported"));
	json_decref(schema);
	json_decref(value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SCRATCH_TEST(what_the_tool_writes_is_accepted),
	    SCRATCH_TEST(what_is_spoilt_is_refused),
	    cmocka_unit_test(unknown_keywords_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
