/* run.json from a run: its shape is results/README.md's. */
#include "model/json.h"
#include "model/run_text.h"
#include "base/file.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

/* A guest's text is escaped ASCII, a host's may be anything: what is no UTF-8 becomes "". */
static json_t *string(const char *text)
{
	json_t *json = json_string(text);

	return json ? json : json_string("");
}

static json_t *string_list(const struct strings *list)
{
	json_t *json = json_array();

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(json, string(list->at[i]));
	return json;
}

static json_t *pair_object(const struct pairs *pairs)
{
	json_t *json = json_object();

	for (size_t i = 0; i < pairs->count; i++)
		json_object_set_new(json, pairs->at[i].name, string(pairs->at[i].value));
	return json;
}

static json_t *cost_object(const struct costs *costs)
{
	json_t *json = json_object();

	for (size_t i = 0; i < costs->count; i++)
		json_object_set_new(json, costs->at[i].name, number(costs->at[i].value));
	return json;
}

static json_t *flag_list(const struct flags *flags)
{
	json_t *json = json_array();

	for (size_t i = 0; i < flags->count; i++) {
		const struct flag *flag = &flags->at[i];

		json_array_append_new(json, json_pack("{s:s, s:I, s:o}", "name", flag->name,
						      "count", (json_int_t)flag->count, "text",
						      string(flag->text)));
	}
	return json;
}

/* null where nothing is known, so that nobody takes a missing figure for a zero. */
static json_t *interval(const struct interval *interval, const char *name)
{
	if (!isfinite(interval->estimate))
		return json_null();
	if (!isfinite(interval->low) || !isfinite(interval->high))
		return json_pack("{s:o, s:n}", name, number(interval->estimate), "ci95");
	return json_pack("{s:o, s:[o, o]}", name, number(interval->estimate), "ci95",
			 number(interval->low), number(interval->high));
}

static json_t *quantiles(const struct quantiles *q)
{
	if (!q->n)
		return json_null();
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "n", (json_int_t)q->n, "min",
			 (json_int_t)q->min, "p50", (json_int_t)q->p50, "p90", (json_int_t)q->p90,
			 "p99", (json_int_t)q->p99, "p999", (json_int_t)q->p999, "max",
			 (json_int_t)q->max);
}

static json_t *boot_object(const struct boot *boot)
{
	const struct controls *c = &boot->controls;
	json_t *json = json_object();

	json_object_set_new(json, "boot", json_integer(boot->boot));
	json_object_set_new(json, "status", json_string(status_name(boot->status)));
	json_object_set_new(json, "reason", string(boot->reason));
	json_object_set_new(json, "round_trip", number(boot->round_trip));
	json_object_set_new(json, "round_trip_p10", number(boot->round_trip_p10));
	json_object_set_new(json, "over_reference", number(boot->over_reference));
	json_object_set_new(json, "exit_status",
			    isfinite(boot->exit_status)
				? json_integer((json_int_t)boot->exit_status)
				: json_null());
	json_object_set_new(json, "signal", string(boot->signal));
	json_object_set_new(json, "core_cycles", number(boot->core_cycles));
	json_object_set_new(json, "shared", number(boot->shared));
	json_object_set_new(json, "window", quantiles(&boot->window));
	json_object_set_new(json, "controls",
			    json_pack("{s:o, s:o, s:o, s:o, s:o}", "empty_window",
				      number(c->empty_window), "function_call",
				      number(c->function_call), "empty_loop", number(c->empty_loop),
				      "twin", number(c->twin), "bare", number(c->bare)));
	json_object_set_new(json, "loops", cost_object(&boot->loops));
	json_object_set_new(json, "clock",
			    json_pack("{s:o, s:o, s:I}", "step", number(boot->clock.step), "min",
				      number(boot->clock.min), "backwards",
				      (json_int_t)boot->clock.backwards));
	json_object_set_new(json, "counts", pair_object(&boot->counts));
	json_object_set_new(json, "flags", flag_list(&boot->flags));
	json_object_set_new(json, "log", string(boot->log));
	json_object_set_new(json, "samples", string(boot->samples));
	return json;
}

static json_t *cell_object(const struct cell *cell)
{
	json_t *boots = json_array();
	json_t *json = json_object();

	for (size_t i = 0; i < cell->boot_count; i++)
		json_array_append_new(boots, boot_object(&cell->boots[i]));
	json_object_set_new(json, "machine", string(cell->machine));
	json_object_set_new(json, "class", json_string(class_name(cell->class)));
	json_object_set_new(json, "unit", json_string(class_unit(cell->class)));
	json_object_set_new(json, "variant", string(cell->variant));
	json_object_set_new(json, "features", pair_object(&cell->features));
	json_object_set_new(json, "safe", json_boolean(cell->safe));
	json_object_set_new(json, "bench", string(cell->bench));
	json_object_set_new(json, "reference_case", string(cell->reference_case));
	json_object_set_new(json, "status", json_string(status_name(cell->status)));
	json_object_set_new(json, "reason", string(cell->reason));
	json_object_set_new(json, "boots_wanted", json_integer(cell->boots_wanted));
	json_object_set_new(json, "flags", flag_list(&cell->flags));
	json_object_set_new(json, "boots", boots);
	json_object_set_new(
	    json, "summary",
	    json_pack("{s:o, s:o, s:I, s:b, s:o, s:o, s:o}", "round_trip",
		      interval(&cell->summary.round_trip, "estimate"), "core_cycles",
		      interval(&cell->summary.core_cycles, "estimate"), "boots_used",
		      (json_int_t)cell->summary.boots_used, "calm", cell->summary.calm,
		      "vs_reference", interval(&cell->summary.vs_reference, "delta"), "p_value",
		      number(cell->summary.p_value), "verdict", string(cell->summary.verdict)));
	return json;
}

static json_t *machine_object(const struct run_machine *machine)
{
	return json_pack("{s:o, s:s, s:s, s:b, s:o, s:o, s:o, s:o}", "name", string(machine->name),
			 "class", class_name(machine->class), "unit", class_unit(machine->class),
			 "available", machine->available, "reason", string(machine->reason), "cpu",
			 string(machine->cpu), "features", string(machine->features), "program",
			 string(machine->program));
}

json_t *run_host_json(const struct host_facts *host)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:i, s:o, s:o}", "cpu", string(host->cpu),
			 "microcode", string(host->microcode), "kernel", string(host->kernel),
			 "governor", string(host->governor), "tsc_hz", number(host->tsc_hz), "cpus",
			 (int)host->cpus, "smt", string(host->smt), "mitigations",
			 pair_object(&host->mitigations));
}

static json_t *options_object(const struct run_options *options)
{
	return json_pack("{s:o, s:o, s:o, s:i, s:I, s:o, s:o, s:o, s:o, s:o, s:o}", "machines",
			 string_list(&options->machines), "variants",
			 string_list(&options->variants), "benchmarks",
			 string_list(&options->benches), "boots", (int)options->boots, "windows",
			 (json_int_t)options->windows, "timeout",
			 number(options->timeout > 0 ? options->timeout : NAN), "qemu_args",
			 string_list(&options->qemu_args), "events", string_list(&options->events),
			 "linux", string_list(&options->kernels), "append",
			 string_list(&options->lines), "program", string_list(&options->program));
}

static json_t *head_object(const struct run *run)
{
	json_t *machines = json_array();
	json_t *json = json_object();

	for (size_t i = 0; i < run->machine_count; i++)
		json_array_append_new(machines, machine_object(&run->machines[i]));
	json_object_set_new(json, "schema", json_string(RUN_SCHEMA));
	json_object_set_new(
	    json, "tool",
	    json_pack("{s:o, s:o}", "version", string(run->version), "git", string(run->git)));
	json_object_set_new(json, "started", string(run->started));
	json_object_set_new(json, "finished", string(run->finished));
	json_object_set_new(json, "command", string_list(&run->command));
	json_object_set_new(json, "seed", json_integer((json_int_t)run->seed));
	json_object_set_new(json, "reference", string(run->reference));
	json_object_set_new(json, "options", options_object(&run->options));
	json_object_set_new(json, "host", run_host_json(&run->host));
	json_object_set_new(json, "machines", machines);
	return json;
}

#define PRECISION JSON_REAL_PRECISION(15)

/* One line. */
static char *cell_line(const struct cell *cell)
{
	json_t *json = cell_object(cell);
	char *text = json_dumps(json, PRECISION);

	json_decref(json);
	return text;
}

void run_text_forget(struct run_text *text, size_t cell)
{
	if (cell < text->count) {
		free(text->cells[cell]);
		text->cells[cell] = NULL;
	}
}

void run_text_free(struct run_text *text)
{
	for (size_t i = 0; i < text->count; i++)
		free(text->cells[i]);
	free(text->cells);
	*text = (struct run_text){0};
}

/* The whole file: the head without its closing brace, then a line for each cell. */
static char *whole_text(struct run_text *text, const struct run *run, size_t *size)
{
	json_t *json = head_object(run);
	char *head = json_dumps(json, JSON_INDENT(1) | PRECISION), *whole = NULL;
	FILE *out = open_memstream(&whole, size);

	json_decref(json);
	head[strlen(head) - strlen("\n}")] = 0;
	fprintf(out, "%s,\n \"cells\": [", head);
	free(head);
	for (size_t i = 0; i < run->cell_count; i++) {
		if (!text->cells[i])
			text->cells[i] = cell_line(&run->cells[i]);
		fprintf(out, "%s\n  %s", i ? "," : "", text->cells[i]);
	}
	fputs("\n ]\n}\n", out);
	if (fclose(out))
		abort();
	return whole;
}

int run_text_save(struct run_text *text, const struct run *run, const char *dir,
		  struct error *error)
{
	char *whole;
	size_t size;
	int result;

	if (text->count != run->cell_count) {
		run_text_free(text);
		text->cells = memory_new(run->cell_count, sizeof(*text->cells));
		text->count = run->cell_count;
	}
	whole = whole_text(text, run, &size);
	result = file_replace(dir, RUN_FILE, whole, size, error);
	free(whole);
	return result;
}

int run_save(const struct run *run, const char *dir, struct error *error)
{
	struct run_text text = {0};
	int result = run_text_save(&text, run, dir, error);

	run_text_free(&text);
	return result;
}
