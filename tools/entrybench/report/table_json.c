/* The table of a run as JSON. */
#include "report/table.h"

#include <math.h>

#include <jansson.h>

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

/* A text that is no UTF-8 becomes "", as in run.json. */
static json_t *string(const char *text)
{
	json_t *json = json_string(text);

	return json ? json : json_string("");
}

static json_t *bounds(const struct interval *interval)
{
	if (!isfinite(interval->low) || !isfinite(interval->high))
		return json_null();
	return json_pack("[f, f]", interval->low, interval->high);
}

static json_t *flag_names(const struct flags *flags)
{
	json_t *list = json_array();

	for (size_t i = 0; i < flags->count; i++)
		json_array_append_new(list, string(flags->at[i].name));
	return list;
}

static json_t *row_object(const struct row *row)
{
	const struct cell *cell = row->cell;
	const struct summary *s = &cell->summary;
	const struct row_windows *w = &row->windows;
	json_t *json =
	    json_pack("{s:o, s:s, s:s, s:o, s:o, s:b, s:s, s:o}", "machine", string(cell->machine),
		      "class", class_name(cell->class), "unit", class_unit(cell->class), "variant",
		      string(cell->variant), "bench", string(cell->bench), "safe", cell->safe,
		      "status", status_name(cell->status), "reason", string(cell->reason));

	json_object_set_new(json, "boots", json_integer((json_int_t)row->boots));
	json_object_set_new(json, "estimate", number(s->round_trip.estimate));
	json_object_set_new(json, "ci95", bounds(&s->round_trip));
	json_object_set_new(json, "ns", number(row->ns));
	json_object_set_new(json, "core_cycles", number(s->core_cycles.estimate));
	json_object_set_new(json, "core_cycles_ci95", bounds(&s->core_cycles));
	json_object_set_new(json, "boots_used", json_integer((json_int_t)s->boots_used));
	json_object_set_new(json, "calm", json_boolean(s->calm));
	json_object_set_new(json, "window",
			    json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "n", number(w->n),
				      "min", number(w->min), "p50", number(w->p50), "p90",
				      number(w->p90), "p99", number(w->p99), "p999",
				      number(w->p999), "max", number(w->max), "empty",
				      number(w->empty_window)));
	json_object_set_new(json, "reference",
			    row->reference ? json_pack("{s:o, s:o}", "variant",
						       string(row->reference->variant), "bench",
						       string(row->reference->bench))
					   : json_null());
	json_object_set_new(json, "delta", number(s->vs_reference.estimate));
	json_object_set_new(json, "delta_ci95", bounds(&s->vs_reference));
	json_object_set_new(json, "p_value", number(s->p_value));
	json_object_set_new(json, "verdict", string(s->verdict));
	json_object_set_new(json, "flags", flag_names(&cell->flags));
	json_object_set_new(json, "notes", string(row->notes));
	return json;
}

void table_print_json(const struct run *run, const struct rows *rows, FILE *out)
{
	json_t *list = json_array();
	json_t *json =
	    json_pack("{s:o, s:o, s:I, s:o}", "started", string(run->started), "reference",
		      string(run->reference), "seed", (json_int_t)run->seed, "rows", list);

	for (size_t i = 0; i < rows->count; i++)
		json_array_append_new(list, row_object(&rows->at[i]));
	json_dumpf(json, out, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
	fputc('\n', out);
	json_decref(json);
}
