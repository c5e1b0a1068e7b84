/* A histogram as JSON, and back. */
#include "histogram.h"

#include <stddef.h>

static bool append_slot(void *context, int64_t value, uint64_t count)
{
	json_t *pair = json_pack("[I, I]", (json_int_t)value, (json_int_t)count);

	return pair && json_array_append_new(context, pair) == 0;
}

json_t *histogram_to_json(const struct histogram *h)
{
	json_t *counts = json_array();

	if (!counts || !histogram_each(h, append_slot, counts)) {
		json_decref(counts);
		return NULL;
	}
	return json_pack("{s:I, s:I, s:I, s:o}", "n", (json_int_t)histogram_n(h), "min",
			 (json_int_t)histogram_min(h), "max", (json_int_t)histogram_max(h),
			 "counts", counts);
}

static const char *add_pairs(struct histogram *h, const json_t *counts)
{
	json_int_t before = 0;
	json_t *pair;
	size_t i;

	json_array_foreach(counts, i, pair)
	{
		const json_t *value = json_array_get(pair, 0), *count = json_array_get(pair, 1);

		if (json_array_size(pair) != 2 || !json_is_integer(value) ||
		    !json_is_integer(count))
			return "an entry of counts is not [value, count]";
		if (json_integer_value(count) <= 0)
			return "a count is not positive";
		if (i && json_integer_value(value) <= before)
			return "values do not ascend";
		before = json_integer_value(value);
		if (!histogram_add(h, before, (uint64_t)json_integer_value(count)))
			return "too many readings";
	}
	return NULL;
}

static bool is_at(const json_t *json, const char *key, json_int_t *value)
{
	const json_t *item = json_object_get(json, key);

	*value = json_integer_value(item);
	return json_is_integer(item);
}

struct histogram *histogram_from_json(const json_t *json, const char **error)
{
	const json_t *counts = json_object_get(json, "counts");
	json_int_t n, min, max;

	if (!is_at(json, "n", &n) || !is_at(json, "min", &min) || !is_at(json, "max", &max) ||
	    !json_is_array(counts)) {
		*error = "n, min, max or counts is missing";
		return NULL;
	}
	struct histogram *h = histogram_new();

	*error = h ? add_pairs(h, counts) : "out of memory";
	if (!*error && histogram_n(h) != (uint64_t)n)
		*error = "n is not the sum of counts";
	if (!*error && n && !histogram_set_range(h, min, max))
		*error = "min or max does not fit counts";
	if (!*error)
		return h;
	histogram_free(h);
	return NULL;
}
