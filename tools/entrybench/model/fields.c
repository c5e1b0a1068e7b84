/* Walks over the fields of an object: first values, release, JSON. */
#include "model/fields.h"

#include "model/model.h"

const char *field_key(const struct field *field)
{
	return field->key ? field->key : field->name;
}

const struct shape *field_shape(const struct field *field)
{
	switch (field->kind) {
	case FIELD_PAIRS:
		return pair_shape();
	case FIELD_COSTS:
		return cost_shape();
	case FIELD_FLAGS:
		return flag_shape();
	default:
		return field->shape ? field->shape() : NULL;
	}
}

static void *item_of(const struct shape *shape, const struct list *list, size_t i)
{
	return (char *)list->at + i * shape->size;
}

void fields_init(const struct shape *shape, void *object)
{
	memset(object, 0, shape->size);
	for (size_t i = 0; i < shape->count; i++) {
		void *at = (char *)object + shape->fields[i].offset;

		switch (shape->fields[i].kind) {
		case FIELD_TEXT:
			run_set(at, "");
			break;
		case FIELD_NUMBER:
		case FIELD_WHOLE:
			*(double *)at = NAN;
			break;
		case FIELD_INTERVAL:
			*(struct interval *)at = (struct interval){NAN, NAN, NAN};
			break;
		case FIELD_PART:
			fields_init(field_shape(&shape->fields[i]), at);
			break;
		default: /* zero */
			break;
		}
	}
}

void fields_free(const struct shape *shape, void *object)
{
	for (size_t i = 0; i < shape->count; i++) {
		void *at = (char *)object + shape->fields[i].offset;

		switch (shape->fields[i].kind) {
		case FIELD_TEXT:
			run_set(at, NULL);
			break;
		case FIELD_STRINGS:
			strings_free(at);
			break;
		case FIELD_PAIRS:
		case FIELD_COSTS:
		case FIELD_FLAGS:
		case FIELD_LIST:
			fields_clear(field_shape(&shape->fields[i]), at);
			break;
		case FIELD_PART:
			fields_free(field_shape(&shape->fields[i]), at);
			break;
		default: /* owns nothing */
			break;
		}
	}
	memset(object, 0, shape->size);
}

void *fields_append(const struct shape *shape, void *list)
{
	void *item = list_grow(list, shape->size);

	fields_init(shape, item);
	return item;
}

void *fields_find(const struct shape *shape, const void *list, const char *name)
{
	const struct list *items = list;

	for (size_t i = 0; i < items->count; i++)
		if (!strcmp(*(char **)item_of(shape, items, i), name))
			return item_of(shape, items, i);
	return NULL;
}

void fields_clear(const struct shape *shape, void *list)
{
	struct list *items = list;

	for (size_t i = 0; i < items->count; i++)
		fields_free(shape, item_of(shape, items, i));
	g_free(items->at);
	*items = (struct list){0};
}

static bool says_something(const struct field *field, const void *object);

static bool any_says_something(const struct shape *shape, const void *object)
{
	if (shape->null_if_zero)
		return *(const uint64_t *)object;
	for (size_t i = 0; i < shape->count; i++)
		if (says_something(&shape->fields[i], object))
			return true;
	return false;
}

/* Whether the field is other than what a reader takes a missing one for. */
static bool says_something(const struct field *field, const void *object)
{
	const void *at = (const char *)object + field->offset;

	switch (field->kind) {
	case FIELD_TEXT:
		return **(char *const *)at;
	case FIELD_NUMBER:
	case FIELD_WHOLE:
	case FIELD_INTERVAL: /* begins with the estimate */
		return isfinite(*(const double *)at);
	case FIELD_SMALL:
	case FIELD_CLASS:
	case FIELD_STATUS:
		return *(const unsigned *)at;
	case FIELD_COUNT:
	case FIELD_INTEGER:
		return *(const uint64_t *)at;
	case FIELD_BOOL:
		return *(const bool *)at;
	case FIELD_PART:
		return any_says_something(field_shape(field), at);
	default: /* a list */
		return ((const struct list *)at)->count;
	}
}

/* A host's text may be anything. */
static json_t *write_text(const char *text)
{
	json_t *json = json_string(text);

	return json ? json : json_string("");
}

static json_t *write_number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

/* null where nothing is known, so that nobody takes a missing figure for a zero. */
static json_t *write_interval(const char *key, const struct interval *interval)
{
	if (!isfinite(interval->estimate))
		return json_null();
	if (!isfinite(interval->low) || !isfinite(interval->high))
		return json_pack("{s:f, s:n}", key, interval->estimate, "ci95");
	return json_pack("{s:f, s:[f, f]}", key, interval->estimate, "ci95", interval->low,
			 interval->high);
}

static json_t *write_field(const struct field *field, const void *object);

static json_t *write_list(const struct field *field, const struct list *list)
{
	const struct shape *shape = field_shape(field);
	json_t *json = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(json, fields_write(shape, item_of(shape, list, i)));
	return json;
}

static json_t *write_strings(const struct strings *list)
{
	json_t *json = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(json, write_text(list->at[i]));
	return json;
}

/* Names, and what the second field of each item is. */
static json_t *write_map(const struct field *field, const struct list *list)
{
	const struct shape *shape = field_shape(field);
	json_t *json = json_object();

	for (size_t i = 0; i < list->count; i++) {
		const void *item = item_of(shape, list, i);

		json_object_set_new(json, *(char *const *)item,
				    write_field(&shape->fields[1], item));
	}
	return json;
}

static json_t *write_field(const struct field *field, const void *object)
{
	const void *at = (const char *)object + field->offset;
	double number;

	switch (field->kind) {
	case FIELD_TEXT:
		return write_text(*(char *const *)at);
	case FIELD_NUMBER:
		return write_number(*(const double *)at);
	case FIELD_WHOLE:
		number = *(const double *)at;
		return isfinite(number) ? json_integer((json_int_t)number) : json_null();
	case FIELD_SMALL:
		return json_integer(*(const unsigned *)at);
	case FIELD_COUNT:
	case FIELD_INTEGER:
		return json_integer(*(const int64_t *)at);
	case FIELD_BOOL:
		return json_boolean(*(const bool *)at);
	case FIELD_CLASS:
		return json_string(class_names[*(const enum machine_class *)at]);
	case FIELD_STATUS:
		return json_string(status_names[*(const enum cell_status *)at]);
	case FIELD_STRINGS:
		return write_strings(at);
	case FIELD_PAIRS:
	case FIELD_COSTS:
		return write_map(field, at);
	case FIELD_FLAGS:
	case FIELD_LIST:
		return write_list(field, at);
	case FIELD_INTERVAL:
		return write_interval(field->estimate, at);
	case FIELD_PART:
		return fields_write(field_shape(field), at);
	}
	return NULL;
}

json_t *fields_write(const struct shape *shape, const void *object)
{
	json_t *json;

	if (shape->null_if_zero && !*(const uint64_t *)object)
		return json_null();
	json = json_object();
	for (size_t i = 0; i < shape->count; i++) {
		const struct field *field = &shape->fields[i];
		const enum machine_class *class =
		    (const void *)((const char *)object + field->offset);

		if (shape->sparse && !field->required && !says_something(field, object))
			continue;
		json_object_set_new(json, field_key(field), write_field(field, object));
		if (field->kind == FIELD_CLASS)
			json_object_set_new(json, "unit", json_string(class_units[*class]));
	}
	return json;
}
