/* The bill as JSON. */
#include <inttypes.h>
#include <stdlib.h>

#include "bill/lines.h"
#include "bill/output.h"
#include "base/memory.h"

static void set_number(json_t *object, const char *key, int64_t value)
{
	json_object_set_new(object, key, json_integer(value));
}

static void set_sums(json_t *object, const struct bill_sums *sums)
{
	set_number(object, "loads", sums->loads);
	set_number(object, "stores", sums->stores);
	set_number(object, "bytes_loaded", sums->bytes_loaded);
	set_number(object, "bytes_stored", sums->bytes_stored);
	set_number(object, "taken_branches", sums->taken);
}

static json_t *lines_json(const struct bill *bill)
{
	json_t *lines = json_array();

	for (size_t i = 0; i < bill->line_count; i++) {
		const struct bill_line *line = &bill->lines[i];
		json_t *object =
		    json_pack("{s:s, s:s}", "phase", line->phase, "symbol", line->symbol);

		set_number(object, "count", line->sums.count);
		set_sums(object, &line->sums);
		json_array_append_new(lines, object);
	}
	return lines;
}

static json_t *specials_json(const struct bill *bill)
{
	json_t *specials = json_object();

	for (size_t i = 0; i < bill->special_count; i++)
		set_number(specials, bill->specials[i].name, bill->specials[i].count);
	return specials;
}

/* The frame of an interrupt is a step of no instruction. */
static json_t *step_json(const struct bill_step *step)
{
	char address[17] = "", bytes[2 * LEDGER_INSN_MAX + 1] = "";
	json_t *object;

	if (step->insn)
		snprintf(address, sizeof(address), "%" PRIx64, step->insn->address);
	for (size_t k = 0; step->insn && k < step->insn->size; k++)
		snprintf(bytes + 2 * k, 3, "%02x", step->insn->bytes[k]);
	object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b}", "address", address, "bytes", bytes,
			   "instruction", step->insn ? step->insn->text : "", "phase", step->phase,
			   "symbol", step->symbol, "counted", step->counted);
	if (step->frame.size)
		set_number(object, "frame_bytes", (int64_t)step->frame.size);
	if (step->sign < 0)
		json_object_set_new(object, "only_bare", json_true());
	return object;
}

static json_t *listing_json(const struct bill *bill)
{
	json_t *listing = json_array();

	for (size_t i = 0; i < bill->step_count; i++)
		json_array_append_new(listing, step_json(&bill->steps[i]));
	return listing;
}

json_t *bill_json(const struct bill_title *title, const struct bill *bill, bool listing)
{
	json_t *object =
	    json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "machine", title->machine, "class",
		      title->class, "unit", title->unit, "cpu", title->cpu, "variant",
		      title->variant, "bench", title->bench, "safe", title->safe);

	set_number(object, "total", bill->sums.count);
	json_object_set_new(object, "lines", lines_json(bill));
	set_sums(object, &bill->sums);
	set_number(object, "stack_bytes", (int64_t)bill->stack_bytes);
	json_object_set_new(object, "special", specials_json(bill));
	if (listing)
		json_object_set_new(object, "listing", listing_json(bill));
	return object;
}

static json_t *special_deltas(const struct bill *const bills[2])
{
	struct special_pair *pairs =
	    memory_new(bills[0]->special_count + bills[1]->special_count + 1, sizeof(*pairs));
	size_t count = bill_pair_specials(bills, pairs);
	json_t *deltas = json_object();

	for (size_t i = 0; i < count; i++)
		set_number(deltas, pairs[i].name, pairs[i].counts[1] - pairs[i].counts[0]);
	free(pairs);
	return deltas;
}

json_t *bill_difference_json(const struct bill *const bills[2], json_t *first, json_t *second)
{
	struct line_pair *pairs =
	    memory_new(bills[0]->line_count + bills[1]->line_count, sizeof(*pairs));
	size_t count = bill_pair_lines(bills, pairs);
	struct bill_sums more = bill_sums_more(bills);
	json_t *difference = json_object(), *lines = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(
		    lines, json_pack("{s:s, s:s, s:I, s:I, s:I}", "phase", pairs[i].phase, "symbol",
				     pairs[i].symbol, "first", (json_int_t)pairs[i].counts[0],
				     "second", (json_int_t)pairs[i].counts[1], "delta",
				     (json_int_t)(pairs[i].counts[1] - pairs[i].counts[0])));
	free(pairs);
	set_number(difference, "total", more.count);
	json_object_set_new(difference, "lines", lines);
	set_sums(difference, &more);
	set_number(difference, "stack_bytes",
		   (int64_t)(bills[1]->stack_bytes - bills[0]->stack_bytes));
	json_object_set_new(difference, "special", special_deltas(bills));
	return json_pack("{s:[o, o], s:o}", "bills", first, second, "difference", difference);
}
