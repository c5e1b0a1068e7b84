/* A validator of JSON Schema 2020-12, as far as results/schema/ uses it. */
#include "schema.h"

#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct place {
	const json_t *root; /* of the schema, for $ref */
	struct schema_error *error;
	char path[200];
};

typedef bool check(struct place *place, const json_t *schema, const json_t *rule,
		   const json_t *value);

static bool accepts(struct place *place, const json_t *schema, const json_t *value);

static bool refuse(struct place *place, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool refuse(struct place *place, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(place->error->what, sizeof(place->error->what), format, arguments);
	va_end(arguments);
	snprintf(place->error->where, sizeof(place->error->where), "%s", place->path);
	return false;
}

/* Checks a part of the value under its own path. */
static bool accepts_at(struct place *place, const char *name, const json_t *schema,
		       const json_t *value)
{
	size_t length = strlen(place->path);

	snprintf(place->path + length, sizeof(place->path) - length, "/%s", name);
	bool ok = accepts(place, schema, value);

	place->path[length] = 0;
	return ok;
}

static bool is_type(const json_t *value, const char *type)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return !strcmp(type, "object");
	case JSON_ARRAY:
		return !strcmp(type, "array");
	case JSON_STRING:
		return !strcmp(type, "string");
	case JSON_INTEGER:
		return !strcmp(type, "integer") || !strcmp(type, "number");
	case JSON_REAL:
		return !strcmp(type, "number");
	case JSON_NULL:
		return !strcmp(type, "null");
	default:
		return !strcmp(type, "boolean");
	}
}

static bool check_type(struct place *place, const json_t *schema, const json_t *rule,
		       const json_t *value)
{
	json_t *type;
	size_t i;

	(void)schema;
	if (json_is_string(rule) && is_type(value, json_string_value(rule)))
		return true;
	json_array_foreach(rule, i, type) if (is_type(value, json_string_value(type))) return true;
	return refuse(place, "has the wrong type");
}

static bool check_const(struct place *place, const json_t *schema, const json_t *rule,
			const json_t *value)
{
	(void)schema;
	return json_equal(rule, value) || refuse(place, "is not the one value allowed");
}

static bool check_enum(struct place *place, const json_t *schema, const json_t *rule,
		       const json_t *value)
{
	json_t *allowed;
	size_t i;

	(void)schema;
	json_array_foreach(rule, i, allowed) if (json_equal(allowed, value)) return true;
	return refuse(place, "is none of the values allowed");
}

static bool check_required(struct place *place, const json_t *schema, const json_t *rule,
			   const json_t *value)
{
	json_t *name;
	size_t i;

	(void)schema;
	if (!json_is_object(value))
		return true;
	json_array_foreach(
	    rule, i, name) if (!json_object_get(value,
						json_string_value(
						    name))) return refuse(place, "%s is missing",
									  json_string_value(name));
	return true;
}

static bool check_properties(struct place *place, const json_t *schema, const json_t *rule,
			     const json_t *value)
{
	const char *name;
	json_t *part;

	(void)schema;
	json_object_foreach((json_t *)rule, name, part)
	{
		const json_t *item = json_object_get(value, name);

		if (item && !accepts_at(place, name, part, item))
			return false;
	}
	return true;
}

static bool check_additional(struct place *place, const json_t *schema, const json_t *rule,
			     const json_t *value)
{
	const json_t *properties = json_object_get(schema, "properties");
	const char *name;
	json_t *item;

	json_object_foreach((json_t *)value, name, item)
	{
		if (json_object_get(properties, name))
			continue;
		if (json_is_false(rule))
			return refuse(place, "%s is not known", name);
		if (!accepts_at(place, name, rule, item))
			return false;
	}
	return true;
}

static bool check_items(struct place *place, const json_t *schema, const json_t *rule,
			const json_t *value)
{
	char name[24];
	json_t *item;
	size_t i;

	(void)schema;
	json_array_foreach(value, i, item)
	{
		snprintf(name, sizeof(name), "%zu", i);
		if (!accepts_at(place, name, rule, item))
			return false;
	}
	return true;
}

static bool check_min_items(struct place *place, const json_t *schema, const json_t *rule,
			    const json_t *value)
{
	(void)schema;
	return !json_is_array(value) ||
	       (json_int_t)json_array_size(value) >= json_integer_value(rule) ||
	       refuse(place, "has too few items");
}

static bool check_max_items(struct place *place, const json_t *schema, const json_t *rule,
			    const json_t *value)
{
	(void)schema;
	return !json_is_array(value) ||
	       (json_int_t)json_array_size(value) <= json_integer_value(rule) ||
	       refuse(place, "has too many items");
}

static bool check_minimum(struct place *place, const json_t *schema, const json_t *rule,
			  const json_t *value)
{
	(void)schema;
	return !json_is_number(value) || json_number_value(value) >= json_number_value(rule) ||
	       refuse(place, "is too small");
}

static bool check_maximum(struct place *place, const json_t *schema, const json_t *rule,
			  const json_t *value)
{
	(void)schema;
	return !json_is_number(value) || json_number_value(value) <= json_number_value(rule) ||
	       refuse(place, "is too large");
}

static bool check_min_length(struct place *place, const json_t *schema, const json_t *rule,
			     const json_t *value)
{
	(void)schema;
	return !json_is_string(value) ||
	       (json_int_t)json_string_length(value) >= json_integer_value(rule) ||
	       refuse(place, "is too short");
}

/* POSIX extended expressions: what the schemas use of ECMA 262's means the same in both. */
static bool check_pattern(struct place *place, const json_t *schema, const json_t *rule,
			  const json_t *value)
{
	regex_t expression;

	(void)schema;
	if (!json_is_string(value))
		return true;
	if (regcomp(&expression, json_string_value(rule), REG_EXTENDED | REG_NOSUB))
		return refuse(place, "the schema's pattern is no expression");
	bool matches = !regexec(&expression, json_string_value(value), 0, NULL, 0);

	regfree(&expression);
	return matches || refuse(place, "does not match its pattern");
}

static bool check_any_of(struct place *place, const json_t *schema, const json_t *rule,
			 const json_t *value)
{
	json_t *one;
	size_t i;

	(void)schema;
	json_array_foreach(rule, i, one) if (accepts(place, one, value)) return true;
	return refuse(place, "fits none of the alternatives");
}

static bool check_ref(struct place *place, const json_t *schema, const json_t *rule,
		      const json_t *value)
{
	static const char start[] = "#/$defs/";
	const char *name = json_string_value(rule);
	const json_t *target = NULL;

	(void)schema;
	if (!strncmp(name, start, sizeof(start) - 1))
		target = json_object_get(json_object_get(place->root, "$defs"),
					 name + sizeof(start) - 1);
	return target ? accepts(place, target, value) : refuse(place, "the schema has no %s", name);
}

static bool check_nothing(struct place *place, const json_t *schema, const json_t *rule,
			  const json_t *value)
{
	(void)place;
	(void)schema;
	(void)rule;
	(void)value;
	return true;
}

static const struct {
	const char *keyword;
	check *check;
} checks[] = {
    {"type", check_type},
    {"const", check_const},
    {"enum", check_enum},
    {"required", check_required},
    {"properties", check_properties},
    {"additionalProperties", check_additional},
    {"items", check_items},
    {"minItems", check_min_items},
    {"maxItems", check_max_items},
    {"minimum", check_minimum},
    {"maximum", check_maximum},
    {"minLength", check_min_length},
    {"pattern", check_pattern},
    {"anyOf", check_any_of},
    {"$ref", check_ref},
    {"$schema", check_nothing},
    {"$id", check_nothing},
    {"$defs", check_nothing},
    {"title", check_nothing},
    {"description", check_nothing},
};

static check *find_check(const char *keyword)
{
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		if (!strcmp(checks[i].keyword, keyword))
			return checks[i].check;
	return NULL;
}

static bool accepts(struct place *place, const json_t *schema, const json_t *value)
{
	const char *keyword;
	json_t *rule;

	if (!json_is_object(schema))
		return refuse(place, "the schema holds something that is no schema");
	json_object_foreach((json_t *)schema, keyword, rule)
	{
		check *found = find_check(keyword);

		if (!found)
			return refuse(place, "the schema's keyword %s is not supported", keyword);
		if (!found(place, schema, rule, value))
			return false;
	}
	return true;
}

bool schema_accepts(const json_t *schema, const json_t *value, struct schema_error *error)
{
	struct place place = {.root = schema, .error = error};

	return accepts(&place, schema, value);
}
