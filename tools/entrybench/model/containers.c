/* The small containers of a run: their life, and what they are in JSON. */
#include "model/kinds.h"
#include "model/model.h"

void flags_add(struct flags *flags, const char *name, uint64_t count, const char *text)
{
	struct flag *flag;

	flags->at = memory_grow(flags->at, flags->count, sizeof(*flags->at));
	flag = &flags->at[flags->count++];
	flag->name = g_strdup(name);
	flag->count = count;
	flag->text = g_strdup(text);
}

const struct flag *flags_get(const struct flags *flags, const char *name)
{
	for (size_t i = 0; i < flags->count; i++)
		if (!strcmp(flags->at[i].name, name))
			return &flags->at[i];
	return NULL;
}

void flags_free(struct flags *flags)
{
	for (size_t i = 0; i < flags->count; i++) {
		g_free(flags->at[i].name);
		g_free(flags->at[i].text);
	}
	g_free(flags->at);
	*flags = (struct flags){0};
}

void costs_add(struct costs *costs, const char *name, double value)
{
	costs->at = memory_grow(costs->at, costs->count, sizeof(*costs->at));
	costs->at[costs->count++] = (struct cost){g_strdup(name), value};
}

double costs_get(const struct costs *costs, const char *name)
{
	for (size_t i = 0; i < costs->count; i++)
		if (!strcmp(costs->at[i].name, name))
			return costs->at[i].value;
	return NAN;
}

void costs_free(struct costs *costs)
{
	for (size_t i = 0; i < costs->count; i++)
		g_free(costs->at[i].name);
	g_free(costs->at);
	*costs = (struct costs){0};
}

void pairs_add(struct pairs *pairs, const char *name, const char *value)
{
	struct pair *pair;

	pairs->at = memory_grow(pairs->at, pairs->count, sizeof(*pairs->at));
	pair = &pairs->at[pairs->count++];
	pair->name = g_strdup(name);
	pair->value = g_strdup(value);
}

const char *pairs_get(const struct pairs *pairs, const char *name)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (!strcmp(pairs->at[i].name, name))
			return pairs->at[i].value;
	return NULL;
}

void pairs_free(struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		g_free(pairs->at[i].name);
		g_free(pairs->at[i].value);
	}
	g_free(pairs->at);
	*pairs = (struct pairs){0};
}

void pairs_copy(struct pairs *to, const struct pairs *from)
{
	for (size_t i = 0; i < from->count; i++)
		pairs_add(to, from->at[i].name, from->at[i].value);
}

void field_free_strings(const struct field *field, void *object)
{
	strings_free(&AT(struct strings));
}

json_t *field_write_strings(const struct field *field, const void *object)
{
	const struct strings *list = &AT(const struct strings);
	json_t *json = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(json, field_string(list->at[i]));
	return json;
}

int field_read_strings(const struct field *field, void *object, const json_t *json,
		       const struct place *place)
{
	const char *text;
	json_t *value;
	size_t i;

	if (!json_is_array(json))
		return field_wrong(place, "an array of strings is expected");
	json_array_foreach((json_t *)json, i, value)
	{
		if (field_unpack(value, place, "s", &text))
			return -1;
		strings_add(&AT(struct strings), text);
	}
	return 0;
}

void field_free_pairs(const struct field *field, void *object)
{
	pairs_free(&AT(struct pairs));
}

json_t *field_write_pairs(const struct field *field, const void *object)
{
	const struct pairs *pairs = &AT(const struct pairs);
	json_t *json = json_object();

	for (size_t i = 0; i < pairs->count; i++)
		json_object_set_new(json, pairs->at[i].name, field_string(pairs->at[i].value));
	return json;
}

int field_read_pairs(const struct field *field, void *object, const json_t *json,
		     const struct place *place)
{
	const char *name, *text;
	json_t *value;

	if (!json_is_object(json))
		return field_wrong(place, "an object of strings is expected");
	json_object_foreach((json_t *)json, name, value)
	{
		if (field_unpack(value, place, "s", &text))
			return -1;
		pairs_add(&AT(struct pairs), name, text);
	}
	return 0;
}

void field_free_costs(const struct field *field, void *object)
{
	costs_free(&AT(struct costs));
}

json_t *field_write_costs(const struct field *field, const void *object)
{
	const struct costs *costs = &AT(const struct costs);
	json_t *json = json_object();

	for (size_t i = 0; i < costs->count; i++)
		json_object_set_new(json, costs->at[i].name, field_number(costs->at[i].value));
	return json;
}

int field_read_costs(const struct field *field, void *object, const json_t *json,
		     const struct place *place)
{
	const char *name;
	json_t *value;

	if (!json_is_object(json))
		return field_wrong(place, "an object of numbers is expected");
	json_object_foreach((json_t *)json, name, value)
	{
		double cost = NAN;

		if (!json_is_null(value) && field_unpack(value, place, "F", &cost))
			return -1;
		costs_add(&AT(struct costs), name, cost);
	}
	return 0;
}

void field_free_flags(const struct field *field, void *object)
{
	flags_free(&AT(struct flags));
}

json_t *field_write_flags(const struct field *field, const void *object)
{
	const struct flags *flags = &AT(const struct flags);
	json_t *json = json_array();

	for (size_t i = 0; i < flags->count; i++)
		json_array_append_new(json, json_pack("{s:o, s:I, s:o}", "name",
						      field_string(flags->at[i].name), "count",
						      (json_int_t)flags->at[i].count, "text",
						      field_string(flags->at[i].text)));
	return json;
}

int field_read_flags(const struct field *field, void *object, const json_t *json,
		     const struct place *place)
{
	json_t *value;
	size_t i;

	if (!json_is_array(json))
		return field_wrong(place, "an array of flags is expected");
	json_array_foreach((json_t *)json, i, value)
	{
		const char *name, *text = "";
		json_int_t count = 0;
		json_error_t problem;

		if (json_unpack_ex(value, &problem, 0, "{s:s, s?I, s?s}", "name", &name, "count",
				   &count, "text", &text))
			return field_wrong(place, problem.text);
		if (count < 0)
			return field_wrong(place, "must not be negative");
		flags_add(&AT(struct flags), name, (uint64_t)count, text);
	}
	return 0;
}
