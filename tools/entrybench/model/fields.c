/* Walks over the fields of an object, its parts and its lists. */
#include "model/kinds.h"
#include "model/model.h"

static size_t *count_of(const struct field *field, const void *object)
{
	return (size_t *)((char *)object + field->count_offset);
}

static void *item_of(const struct field *field, const void *object, size_t i)
{
	return *(char **)field_member(field, object) + i * field->shape->size;
}

void fields_init(const struct shape *shape, void *object)
{
	memset(object, 0, shape->size);
	for (size_t i = 0; i < shape->count; i++)
		if (field_kinds[shape->fields[i].kind].init)
			field_kinds[shape->fields[i].kind].init(&shape->fields[i], object);
}

void fields_init_part(const struct field *field, void *object)
{
	fields_init(field->shape, field_member(field, object));
}

void fields_free(const struct shape *shape, void *object)
{
	for (size_t i = 0; i < shape->count; i++)
		if (field_kinds[shape->fields[i].kind].free)
			field_kinds[shape->fields[i].kind].free(&shape->fields[i], object);
	memset(object, 0, shape->size);
}

void fields_free_part(const struct field *field, void *object)
{
	fields_free(field->shape, field_member(field, object));
}

void fields_free_list(const struct field *field, void *object)
{
	for (size_t i = 0; i < *count_of(field, object); i++)
		fields_free(field->shape, item_of(field, object, i));
	g_free(*(void **)field_member(field, object));
}

static void *append(const struct field *field, void *object)
{
	size_t *count = count_of(field, object);
	void **items = field_member(field, object);

	/* Doubled at powers of two: the room follows from the count. */
	if ((*count & (*count - 1)) == 0)
		*items = g_realloc_n(*items, *count ? 2 * *count : 1, field->shape->size);
	fields_init(field->shape, item_of(field, object, *count));
	return item_of(field, object, (*count)++);
}

static const struct field *field_named(const struct shape *shape, const char *name)
{
	const struct field *field = shape->fields;

	while (strcmp(field->name, name))
		field++;
	return field;
}

void *fields_append(const struct shape *shape, void *object, const char *list)
{
	return append(field_named(shape, list), object);
}

void fields_clear(const struct shape *shape, void *object, const char *list)
{
	const struct field *field = field_named(shape, list);

	fields_free_list(field, object);
	*(void **)field_member(field, object) = NULL;
	*count_of(field, object) = 0;
}

json_t *fields_write(const struct shape *shape, const void *object)
{
	json_t *json;

	if (shape->null_if_zero && !*(const uint64_t *)field_member(shape->fields, object))
		return json_null();
	json = json_object();
	for (size_t i = 0; i < shape->count; i++) {
		const struct field *field = &shape->fields[i];

		json_object_set_new(json, field_key(field),
				    field_kinds[field->kind].write(field, object));
		if (field->kind == FIELD_CLASS)
			json_object_set_new(json, "unit",
					    json_string(class_unit(*(
						enum machine_class *)field_member(field, object))));
	}
	return json;
}

json_t *fields_write_part(const struct field *field, const void *object)
{
	return fields_write(field->shape, field_member(field, object));
}

json_t *fields_write_list(const struct field *field, const void *object)
{
	json_t *json = json_array();

	for (size_t i = 0; i < *count_of(field, object); i++)
		json_array_append_new(json, fields_write(field->shape, item_of(field, object, i)));
	return json;
}

int fields_read(const struct shape *shape, void *object, const json_t *json, const char *where,
		struct error *error)
{
	if (!json_is_object(json))
		return error_set(error, "%s: an object is expected", where);
	for (size_t i = 0; i < shape->count; i++) {
		const struct field *field = &shape->fields[i];
		const struct place place = {where, field_key(field), error};
		const json_t *value = json_object_get(json, field_key(field));

		if (!value && field->required)
			return field_wrong(&place, "is missing");
		/* null: not measured */
		if (value && !json_is_null(value) &&
		    field_kinds[field->kind].read(field, object, value, &place))
			return -1;
	}
	return 0;
}

static char *place_text(const struct place *place)
{
	return g_strdup_printf("%s%s%s", place->object, *place->object ? "." : "", place->key);
}

int fields_read_part(const struct field *field, void *object, const json_t *json,
		     const struct place *place)
{
	g_autofree char *where = place_text(place);

	return fields_read(field->shape, field_member(field, object), json, where, place->error);
}

int fields_read_list(const struct field *field, void *object, const json_t *json,
		     const struct place *place)
{
	g_autofree char *list = place_text(place);
	json_t *value;
	size_t i;

	if (!json_is_array(json))
		return field_wrong(place, "an array is expected");
	json_array_foreach((json_t *)json, i, value)
	{
		g_autofree char *where = g_strdup_printf("%s[%zu]", list, i);

		if (fields_read(field->shape, append(field, object), value, where, place->error))
			return -1;
	}
	return 0;
}
