/* Fields out of JSON. */
#include "model/model.h"

/* Where a value stands in the file: a key, or an item, of what stands above. */
struct place {
	const struct place *above;
	const char *key; /* NULL: an item */
	size_t item;
	struct error *error;
};

static void put_place(GString *text, const struct place *place)
{
	if (place->above)
		put_place(text, place->above);
	if (place->key)
		g_string_append_printf(text, "%s%s", text->len ? "." : "", place->key);
	else
		g_string_append_printf(text, "[%zu]", place->item);
}

static int wrong(const struct place *place, const char *what)
{
	g_autoptr(GString) text = g_string_new("");

	put_place(text, place);
	return error_set(place->error, "%s: %s", text->str, what);
}

/* Of another type than that of Jansson's unpacking, in its words. */
static int wrong_type(json_t *json, const struct place *place, const char *format)
{
	json_error_t problem;

	json_unpack_ex(json, &problem, JSON_VALIDATE_ONLY, format);
	return wrong(place, problem.text);
}

static int read_number(double *to, json_t *json, const struct place *place)
{
	if (!json_is_number(json))
		return wrong_type(json, place, "F");
	*to = json_number_value(json);
	return 0;
}

static int read_text(const struct field *field, char **text, json_t *json,
		     const struct place *place)
{
	const char *value = json_string_value(json);

	if (!value)
		return wrong_type(json, place, "s");
	run_set(text, value);
	return field->filled && !*value ? wrong(place, "must not be empty") : 0;
}

static int read_integer(const struct field *field, void *to, json_t *json,
			const struct place *place)
{
	json_int_t value = json_integer_value(json);

	if (!json_is_integer(json))
		return wrong_type(json, place, "I");
	if (value < 0 && field->kind != FIELD_INTEGER)
		return wrong(place, "must not be negative");
	if (field->kind != FIELD_SMALL)
		*(int64_t *)to = value;
	else if (value > FIELD_SMALL_MAX)
		return wrong(place, "is beyond " G_STRINGIFY(FIELD_SMALL_MAX));
	else
		*(unsigned *)to = (unsigned)value;
	return 0;
}

/* names: what the values of an enum are called. */
static int read_name(const char *const *names, unsigned *to, json_t *json,
		     const struct place *place)
{
	const char *name = json_string_value(json);
	int found = name ? name_index(names, name) : -1;
	g_autofree char *known = g_strjoinv(" or ", (char **)names);
	g_autofree char *what = g_strconcat("must be ", known, NULL);

	if (found < 0)
		return wrong(place, what);
	*to = (unsigned)found;
	return 0;
}

static int read_interval(const struct field *field, struct interval *to, json_t *json,
			 const struct place *place)
{
	json_t *bounds = json_object_get(json, "ci95");
	json_error_t problem;

	if (read_number(&to->estimate, json_object_get(json, field->estimate), place))
		return -1;
	if (bounds && !json_is_null(bounds) &&
	    json_unpack_ex(bounds, &problem, 0, "[F, F!]", &to->low, &to->high))
		return wrong(place, problem.text);
	return 0;
}

static int read_strings(struct strings *list, json_t *json, const struct place *place)
{
	json_t *value;
	size_t i;

	if (!json_is_array(json))
		return wrong(place, "an array is expected");
	json_array_foreach(json, i, value) {
		if (!json_is_string(value))
			return wrong_type(value, place, "s");
		strings_add(list, json_string_value(value));
	}
	return 0;
}

static int read_object(const struct shape *shape, void *object, json_t *json,
		       const struct place *place);

static int read_list(const struct field *field, void *list, json_t *json, const struct place *place)
{
	const struct shape *shape = field_shape(field);
	struct place item = {.above = place, .error = place->error};
	json_t *value;

	if (!json_is_array(json))
		return wrong(place, "an array is expected");
	json_array_foreach(json, item.item, value) {
		if (read_object(shape, fields_append(shape, list), value, &item))
			return -1;
	}
	list_trim(list, shape->size);
	return 0;
}

static int read_field(const struct field *field, void *object, json_t *json,
		      const struct place *place);

/* Names, and what the second field of each item is. */
static int read_map(const struct field *field, void *list, json_t *json, const struct place *place)
{
	const struct shape *shape = field_shape(field);
	struct place value_place = {.above = place, .error = place->error};
	json_t *value;

	if (!json_is_object(json))
		return wrong(place, "an object is expected");
	json_object_foreach(json, value_place.key, value) {
		void *item = fields_append(shape, list);

		run_set(item, value_place.key);
		if (read_field(&shape->fields[1], item, value, &value_place))
			return -1;
	}
	return 0;
}

static int read_field(const struct field *field, void *object, json_t *json,
		      const struct place *place)
{
	void *at = (char *)object + field->offset;

	if (json_is_null(json)) /* not measured */
		return 0;
	switch (field->kind) {
	case FIELD_TEXT:
		return read_text(field, at, json, place);
	case FIELD_NUMBER:
	case FIELD_WHOLE:
		return read_number(at, json, place);
	case FIELD_SMALL:
	case FIELD_COUNT:
	case FIELD_INTEGER:
		return read_integer(field, at, json, place);
	case FIELD_BOOL:
		if (!json_is_boolean(json))
			return wrong_type(json, place, "b");
		*(bool *)at = json_is_true(json);
		return 0;
	case FIELD_CLASS:
		return read_name(class_names, at, json, place);
	case FIELD_STATUS:
		return read_name(status_names, at, json, place);
	case FIELD_STRINGS:
		return read_strings(at, json, place);
	case FIELD_PAIRS:
	case FIELD_COSTS:
		return read_map(field, at, json, place);
	case FIELD_FLAGS:
	case FIELD_LIST:
		return read_list(field, at, json, place);
	case FIELD_INTERVAL:
		return read_interval(field, at, json, place);
	case FIELD_PART:
		return read_object(field_shape(field), at, json, place);
	}
	return -1;
}

/* Members mostly come in the order of the fields: the search goes on where the last one ended. */
static const struct field *find_field(const struct shape *shape, const char *key, size_t *last)
{
	for (size_t i = 1; i <= shape->count; i++) {
		size_t at = (*last + i) % shape->count;

		if (!strcmp(field_key(&shape->fields[at]), key)) {
			*last = at;
			return &shape->fields[at];
		}
	}
	return NULL;
}

static int read_object(const struct shape *shape, void *object, json_t *json,
		       const struct place *place)
{
	struct place member = {.above = place, .error = place->error};
	size_t last = shape->count - 1;
	json_t *value;

	if (!json_is_object(json))
		return wrong(place, "an object is expected");
	json_object_foreach(json, member.key, value) {
		const struct field *field = find_field(shape, member.key, &last);

		if (field && read_field(field, object, value, &member))
			return -1;
	}
	for (size_t i = 0; i < shape->count; i++) {
		member.key = field_key(&shape->fields[i]);
		if (shape->fields[i].required && !json_object_get(json, member.key))
			return wrong(&member, "is missing");
	}
	return 0;
}

int fields_read(const struct shape *shape, void *object, json_t *json, const char *where,
		struct error *error)
{
	const struct place top = {.key = where, .error = error};

	return read_object(shape, object, json, &top);
}
