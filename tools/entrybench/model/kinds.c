/* What each kind of field is in memory, in JSON and in the schema: one row a kind. */
#include "model/kinds.h"
#include "model/model.h"

int field_wrong(const struct place *place, const char *what)
{
	return error_set(place->error, "%s%s%s: %s", place->object, *place->object ? "." : "",
			 place->key, what);
}

int field_unpack(const json_t *json, const struct place *place, const char *format, void *to)
{
	json_error_t problem;

	if (json_unpack_ex((json_t *)json, &problem, 0, format, to))
		return field_wrong(place, problem.text);
	return 0;
}

json_t *field_string(const char *text)
{
	json_t *json = json_string(text);

	return json ? json : json_string("");
}

static void init_text(const struct field *field, void *object)
{
	AT(char *) = g_strdup("");
}

static void free_text(const struct field *field, void *object)
{
	g_free(AT(char *));
}

static json_t *write_text(const struct field *field, const void *object)
{
	return field_string(AT(char *const));
}

static int read_text(const struct field *field, void *object, const json_t *json,
		     const struct place *place)
{
	const char *text;

	if (field_unpack(json, place, "s", &text))
		return -1;
	run_set(&AT(char *), text);
	return 0;
}

static int read_name(const struct field *field, void *object, const json_t *json,
		     const struct place *place)
{
	if (read_text(field, object, json, place))
		return -1;
	return *AT(char *) ? 0 : field_wrong(place, "must not be empty");
}

static void init_number(const struct field *field, void *object)
{
	AT(double) = NAN;
}

json_t *field_number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *write_number(const struct field *field, const void *object)
{
	return field_number(AT(const double));
}

static int read_number(const struct field *field, void *object, const json_t *json,
		       const struct place *place)
{
	return field_unpack(json, place, "F", &AT(double));
}

static json_t *write_whole(const struct field *field, const void *object)
{
	double value = AT(const double);

	return isfinite(value) ? json_integer((json_int_t)value) : json_null();
}

static json_t *write_seconds(const struct field *field, const void *object)
{
	double value = AT(const double);

	return value > 0 ? json_real(value) : json_null();
}

static json_t *write_integer(const struct field *field, const void *object)
{
	return json_integer(AT(const int64_t));
}

static int read_integer(const struct field *field, void *object, const json_t *json,
			const struct place *place)
{
	return field_unpack(json, place, "I", &AT(json_int_t));
}

static int unpack_count(const json_t *json, const struct place *place, json_int_t *value)
{
	if (field_unpack(json, place, "I", value))
		return -1;
	return *value < 0 ? field_wrong(place, "must not be negative") : 0;
}

static int read_count(const struct field *field, void *object, const json_t *json,
		      const struct place *place)
{
	return unpack_count(json, place, &AT(json_int_t));
}

static json_t *write_small(const struct field *field, const void *object)
{
	return json_integer(AT(const unsigned));
}

static int read_small(const struct field *field, void *object, const json_t *json,
		      const struct place *place)
{
	json_int_t value;

	if (unpack_count(json, place, &value))
		return -1;
	if (value > FIELD_SMALL_MAX)
		return field_wrong(place, "is beyond 1000000");
	AT(unsigned) = (unsigned)value;
	return 0;
}

static json_t *write_bool(const struct field *field, const void *object)
{
	return json_boolean(AT(const bool));
}

static int read_bool(const struct field *field, void *object, const json_t *json,
		     const struct place *place)
{
	int value;

	if (field_unpack(json, place, "b", &value))
		return -1;
	AT(bool) = value;
	return 0;
}

static json_t *write_class(const struct field *field, const void *object)
{
	return json_string(class_name(AT(const enum machine_class)));
}

static int read_class(const struct field *field, void *object, const json_t *json,
		      const struct place *place)
{
	const char *name = json_string_value(json);

	return name && class_parse(name, &AT(enum machine_class))
		   ? 0
		   : field_wrong(place, "must be silicon or deterministic");
}

static json_t *write_status(const struct field *field, const void *object)
{
	return json_string(status_name(AT(const enum cell_status)));
}

static int read_status(const struct field *field, void *object, const json_t *json,
		       const struct place *place)
{
	const char *name = json_string_value(json);

	return name && status_parse(name, &AT(enum cell_status))
		   ? 0
		   : field_wrong(place, "must be ok, skipped, failed, timeout or panicked");
}

static void init_interval(const struct field *field, void *object)
{
	AT(struct interval) = (struct interval){NAN, NAN, NAN};
}

/* null where nothing is known, so that nobody takes a missing figure for a zero. */
static json_t *write_interval(const struct field *field, const void *object)
{
	const struct interval *interval = &AT(const struct interval);

	if (!isfinite(interval->estimate))
		return json_null();
	if (!isfinite(interval->low) || !isfinite(interval->high))
		return json_pack("{s:f, s:n}", field->estimate, interval->estimate, "ci95");
	return json_pack("{s:f, s:[f, f]}", field->estimate, interval->estimate, "ci95",
			 interval->low, interval->high);
}

static int read_interval(const struct field *field, void *object, const json_t *json,
			 const struct place *place)
{
	struct interval *to = &AT(struct interval);
	const json_t *bounds = json_object_get(json, "ci95");
	json_error_t problem;

	if (field_unpack(json_object_get(json, field->estimate), place, "F", &to->estimate))
		return -1;
	if (bounds && !json_is_null(bounds) &&
	    json_unpack_ex((json_t *)bounds, &problem, 0, "[F, F!]", &to->low, &to->high))
		return field_wrong(place, problem.text);
	return 0;
}

#define CONTAINER(name) field_free_##name, field_write_##name, field_read_##name
#define TEXT		init_text, free_text, write_text, read_text
#define ENDS_AT		"'additionalProperties': false, "

const struct kind field_kinds[] = {
    [FIELD_TEXT] = {TEXT, "'type': 'string'"},
    [FIELD_NAME] = {init_text, free_text, write_text, read_name,
		    "'type': 'string', 'minLength': 1"},
    [FIELD_TIME] = {TEXT, "'type': 'string', 'pattern': "
			  "'^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?$'"},
    [FIELD_NUMBER] = {init_number, NULL, write_number, read_number, "'type': ['number', 'null']"},
    [FIELD_WHOLE] = {init_number, NULL, write_whole, read_number, "'type': ['integer', 'null']"},
    [FIELD_SECONDS] = {NULL, NULL, write_seconds, read_number,
		       "'type': ['number', 'null'], 'minimum': 0"},
    [FIELD_SMALL] = {NULL, NULL, write_small, read_small,
		     "'type': 'integer', 'minimum': 0, 'maximum': 1000000"},
    [FIELD_COUNT] = {NULL, NULL, write_integer, read_count, "'type': 'integer', 'minimum': 0"},
    [FIELD_INTEGER] = {NULL, NULL, write_integer, read_integer, "'type': 'integer'"},
    [FIELD_BOOL] = {NULL, NULL, write_bool, read_bool, "'type': 'boolean'"},
    [FIELD_CLASS] = {NULL, NULL, write_class, read_class, "'enum': ['silicon', 'deterministic']"},
    [FIELD_STATUS] = {NULL, NULL, write_status, read_status,
		      "'enum': ['ok', 'skipped', 'failed', 'timeout', 'panicked']"},
    [FIELD_STRINGS] = {NULL, CONTAINER(strings), "'type': 'array', 'items': {'type': 'string'}"},
    [FIELD_PAIRS] = {NULL, CONTAINER(pairs),
		     "'type': 'object', 'additionalProperties': {'type': 'string'}"},
    [FIELD_COSTS] = {NULL, CONTAINER(costs),
		     "'type': 'object', 'additionalProperties': {'type': ['number', 'null']}"},
    [FIELD_FLAGS] = {NULL, CONTAINER(flags),
		     "'type': 'array', 'items': {'type': 'object', " ENDS_AT
		     "'required': ['name', 'count', 'text'], 'properties': {"
		     "'name': {'type': 'string'}, 'count': {'type': 'integer', 'minimum': 0}, "
		     "'text': {'type': 'string'}}}"},
    [FIELD_INTERVAL] = {init_interval, NULL, write_interval, read_interval,
			"'type': ['object', 'null'], " ENDS_AT
			"'required': ['%s', 'ci95'], 'properties': {'%s': {'type': 'number'}, "
			"'ci95': {'type': ['array', 'null'], 'items': {'type': 'number'}, "
			"'minItems': 2, 'maxItems': 2}}"},
    [FIELD_PART] = {fields_init_part, fields_free_part, fields_write_part, fields_read_part, NULL},
    [FIELD_LIST] = {NULL, fields_free_list, fields_write_list, fields_read_list, NULL},
};
