/* Prints the schema of run.json, from fields.def, as results/schema/run.schema.json holds it. */
#include <stdio.h>

#include "model/model.h"

/* Of a kind that is no object and no list of some; %s is the key of the estimate. */
static const char *const kinds[] = {
    [FIELD_TEXT] = "'type': 'string'",
    [FIELD_NUMBER] = "'type': ['number', 'null']",
    [FIELD_WHOLE] = "'type': ['integer', 'null']",
    [FIELD_SMALL] = "'type': 'integer', 'minimum': 0, 'maximum': " G_STRINGIFY(FIELD_SMALL_MAX),
    [FIELD_COUNT] = "'type': 'integer', 'minimum': 0",
    [FIELD_INTEGER] = "'type': 'integer'",
    [FIELD_BOOL] = "'type': 'boolean'",
    [FIELD_CLASS] = "'enum': ['silicon', 'deterministic']",
    [FIELD_STATUS] = "'enum': ['ok', 'skipped', 'failed', 'timeout', 'panicked']",
    [FIELD_STRINGS] = "'type': 'array', 'items': {'type': 'string'}",
    [FIELD_PAIRS] = "'type': 'object', 'additionalProperties': {'type': 'string'}",
    [FIELD_COSTS] = "'type': 'object', 'additionalProperties': {'type': ['number', 'null']}",
    [FIELD_INTERVAL] = "'type': ['object', 'null'], 'additionalProperties': false, "
		       "'required': ['%s', 'ci95'], 'properties': {'%s': {'type': 'number'}, "
		       "'ci95': {'type': ['array', 'null'], 'items': {'type': 'number'}, "
		       "'minItems': 2, 'maxItems': 2}}",
};

/* Silicon counts TSC cycles, deterministic machines instructions; nothing else. */
static const char unit_of_class[] =
    "'anyOf': [{'properties': {'class': {'const': 'silicon'}, 'unit': {'const': 'cycles'}}},"
    " {'properties': {'class': {'const': 'deterministic'}, 'unit': {'const': 'instructions'}}}]";

/* "'type': 'string'" as an object. */
static json_t *object_of(const char *rule)
{
	g_autofree char *text = g_strdup_printf("{%s}", rule ? rule : "");
	json_t *json = json_loads(g_strdelimit(text, "'", '"'), 0, NULL);

	if (!json)
		g_error("a field's rule is no JSON: %s", text);
	return json;
}

static json_t *field_schema(const struct field *field)
{
	const struct shape *shape = field_shape(field);
	json_t *json;

	if (field->kind == FIELD_PART || field->kind == FIELD_LIST || field->kind == FIELD_FLAGS) {
		json = json_pack("{s:o}", "$ref", json_sprintf("#/$defs/%s", shape->name));
		if (field->kind != FIELD_PART)
			json = json_pack("{s:s, s:o}", "type", "array", "items", json);
	} else {
		g_auto(GStrv) parts = g_strsplit(kinds[field->kind], "%s", -1);
		g_autofree char *rule = g_strjoinv(field->estimate, parts);

		json = object_of(rule);
	}
	if (field->filled)
		json_object_set_new(json, "minLength", json_integer(1));
	json_object_update_new(json, object_of(field->rule));
	if (*field->about)
		json_object_set_new(json, "description", json_string(field->about));
	return json;
}

/* What a member that is left out is taken for. */
static json_t *first_values(const struct shape *shape)
{
	struct shape full = *shape;
	g_autofree void *object = g_malloc(shape->size);
	json_t *json;

	full.sparse = false;
	fields_init(&full, object);
	json = fields_write(&full, object);
	fields_free(&full, object);
	return json;
}

static json_t *shape_schema(const struct shape *shape)
{
	json_auto_t *first = first_values(shape);
	json_t *properties = json_object(), *required = json_array();
	json_t *json =
	    object_of(shape->null_if_zero ? "'type': ['object', 'null']" : "'type': 'object'");

	json_object_set_new(json, "description", json_string(shape->about));
	for (size_t i = 0; i < shape->count; i++) {
		const struct field *field = &shape->fields[i];

		bool may_lack = shape->sparse ? !field->required : field->later;
		const char *key = field_key(field);
		json_t *schema = field_schema(field);

		json_object_set_new(properties, key, schema);
		if (!may_lack)
			json_array_append_new(required, json_string(key));
		else if (shape->sparse)
			json_object_set(schema, "default", json_object_get(first, key));
		if (field->kind == FIELD_CLASS) {
			json_object_set_new(properties, "unit",
					    object_of("'enum': ['cycles', 'instructions']"));
			json_array_append_new(required, json_string("unit"));
			json_object_update_new(json, object_of(unit_of_class));
		}
	}
	json_object_set_new(json, "additionalProperties", json_false());
	json_object_set_new(json, "required", required);
	json_object_set_new(json, "properties", properties);
	return json;
}

static void add_parts(json_t *definitions, const struct shape *shape)
{
	for (size_t i = 0; i < shape->count; i++) {
		const struct field *field = &shape->fields[i];
		const struct shape *part = field_shape(field);
		bool inline_map = field->kind == FIELD_PAIRS || field->kind == FIELD_COSTS;

		if (part && !inline_map && !json_object_get(definitions, part->name)) {
			json_object_set_new(definitions, part->name, shape_schema(part));
			add_parts(definitions, part);
		}
	}
}

static json_t *fields_schema(const struct shape *shape, const char *title)
{
	json_t *json = json_pack("{s:s, s:s}", "$schema",
				 "https://json-schema.org/draft/2020-12/schema", "title", title);
	json_t *definitions = json_object(), *top = shape_schema(shape);

	json_object_set_new(json_object_get(top, "properties"), "schema",
			    json_pack("{s:s}", "const", title));
	json_array_insert_new(json_object_get(top, "required"), 0, json_string("schema"));
	json_object_update_new(json, top);
	add_parts(definitions, shape);
	json_object_set_new(json, "$defs", definitions);
	return json;
}

int main(void)
{
	json_t *schema = fields_schema(run_shape(), RUN_SCHEMA);

	json_dumpf(schema, stdout, JSON_INDENT(1));
	json_decref(schema);
	return putchar('\n') == EOF;
}
