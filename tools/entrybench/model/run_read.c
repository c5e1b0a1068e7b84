/* A run from run.json: checks every type, names the place of what is wrong, ignores unknown keys.
 */
#include "model/run.h"
#include "model/flags.h"
#include "base/file.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The first thing that is wrong; later ones are not looked at. */
struct reader {
	const char *file;
	struct error *error;
	bool failed;
};

static void wrong(struct reader *reader, const char *where, const char *what)
{
	if (!reader->failed)
		error_set(reader->error, "%s: %s: %s", reader->file, where, what);
	reader->failed = true;
}

static const json_t *member(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_null(value) ? NULL : value;
}

static void read_string(struct reader *reader, const json_t *object, const char *key, char **to)
{
	const json_t *value = member(object, key);

	if (value && !json_is_string(value))
		wrong(reader, key, "a string is expected");
	else if (value)
		run_set(to, json_string_value(value));
}

static double read_number(struct reader *reader, const json_t *object, const char *key)
{
	const json_t *value = member(object, key);

	if (value && !json_is_number(value))
		wrong(reader, key, "a number is expected");
	return json_is_number(value) ? json_number_value(value) : NAN;
}

static json_int_t read_integer(struct reader *reader, const json_t *object, const char *key)
{
	const json_t *value = member(object, key);

	if (value && !json_is_integer(value))
		wrong(reader, key, "an integer is expected");
	return json_integer_value(value);
}

static uint64_t read_count(struct reader *reader, const json_t *object, const char *key)
{
	json_int_t value = read_integer(reader, object, key);

	if (value < 0)
		wrong(reader, key, "must not be negative");
	return value < 0 ? 0 : (uint64_t)value;
}

static unsigned read_small(struct reader *reader, const json_t *object, const char *key)
{
	uint64_t value = read_count(reader, object, key);

	if (value > 1000000)
		wrong(reader, key, "is beyond 1000000");
	return (unsigned)value;
}

static const json_t *read_array(struct reader *reader, const json_t *object, const char *key)
{
	const json_t *value = member(object, key);

	if (value && !json_is_array(value))
		wrong(reader, key, "an array is expected");
	return json_is_array(value) ? value : NULL;
}

static void read_strings(struct reader *reader, const json_t *object, const char *key,
			 struct strings *to)
{
	const json_t *list = read_array(reader, object, key);

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (text)
			strings_add(to, text);
		else
			wrong(reader, key, "an array of strings is expected");
	}
}

static void read_pairs(struct reader *reader, const json_t *object, const char *key,
		       struct pairs *to)
{
	json_t *values = json_object_get(object, key);
	const char *name;
	json_t *value;

	json_object_foreach(values, name, value)
	{
		if (json_is_string(value))
			pairs_add(to, name, json_string_value(value));
		else
			wrong(reader, key, "an object of strings is expected");
	}
}

static void read_costs(struct reader *reader, const json_t *values, struct costs *to)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)values, name, value)
	{
		costs_add(to, name, read_number(reader, values, name));
	}
}

static void read_flags(struct reader *reader, const json_t *object, struct flags *to)
{
	const json_t *list = read_array(reader, object, "flags");

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *flag = json_array_get(list, i);
		const char *name = json_string_value(json_object_get(flag, "name"));
		const char *text = json_string_value(json_object_get(flag, "text"));

		if (name)
			flags_add(to, name, read_count(reader, flag, "count"), text ? text : "");
		else
			wrong(reader, "flags", "a flag has no name");
	}
}

static void read_class(struct reader *reader, const json_t *object, enum machine_class *to)
{
	const char *name = json_string_value(json_object_get(object, "class"));

	if (!name || !class_parse(name, to))
		wrong(reader, "class", "must be silicon or deterministic");
}

static void read_status(struct reader *reader, const json_t *object, enum cell_status *to)
{
	const char *name = json_string_value(json_object_get(object, "status"));

	if (!name || !status_parse(name, to))
		wrong(reader, "status", "must be ok, skipped, failed, timeout or panicked");
}

static void read_interval(struct reader *reader, const json_t *summary, const char *key,
			  const char *name, struct interval *to)
{
	const json_t *value = member(summary, key);
	const json_t *ci95 = value ? read_array(reader, value, "ci95") : NULL;

	if (!value)
		return;
	to->estimate = read_number(reader, value, name);
	if (ci95 && json_array_size(ci95) == 2) {
		to->low = json_number_value(json_array_get(ci95, 0));
		to->high = json_number_value(json_array_get(ci95, 1));
	} else if (ci95) {
		wrong(reader, "ci95", "must be two numbers");
	}
}

static void read_window(struct reader *reader, const json_t *window, struct quantiles *to)
{
	to->n = read_count(reader, window, "n");
	to->min = read_integer(reader, window, "min");
	to->p50 = read_integer(reader, window, "p50");
	to->p90 = read_integer(reader, window, "p90");
	to->p99 = read_integer(reader, window, "p99");
	to->p999 = read_integer(reader, window, "p999");
	to->max = read_integer(reader, window, "max");
}

static void read_boot(struct reader *reader, const json_t *json, struct cell *cell)
{
	const json_t *controls = member(json, "controls");
	const json_t *clock = member(json, "clock");
	struct boot *boot = cell_add_boot(cell, read_small(reader, json, "boot"));

	read_status(reader, json, &boot->status);
	read_string(reader, json, "reason", &boot->reason);
	boot->round_trip = read_number(reader, json, "round_trip");
	boot->round_trip_p10 = read_number(reader, json, "round_trip_p10");
	boot->over_reference = read_number(reader, json, "over_reference");
	boot->exit_status = read_number(reader, json, "exit_status");
	read_string(reader, json, "signal", &boot->signal);
	boot->core_cycles = read_number(reader, json, "core_cycles");
	boot->shared = read_number(reader, json, "shared");
	read_window(reader, member(json, "window"), &boot->window);
	boot->controls.empty_window = read_number(reader, controls, "empty_window");
	boot->controls.function_call = read_number(reader, controls, "function_call");
	boot->controls.empty_loop = read_number(reader, controls, "empty_loop");
	boot->controls.twin = read_number(reader, controls, "twin");
	boot->controls.bare = read_number(reader, controls, "bare");
	read_costs(reader, member(json, "loops"), &boot->loops);
	boot->clock.step = read_number(reader, clock, "step");
	boot->clock.min = read_number(reader, clock, "min");
	boot->clock.backwards = read_count(reader, clock, "backwards");
	read_pairs(reader, json, "counts", &boot->counts);
	read_flags(reader, json, &boot->flags);
	read_string(reader, json, "log", &boot->log);
	read_string(reader, json, "samples", &boot->samples);
}

static void read_cell(struct reader *reader, const json_t *json, struct run *run)
{
	const json_t *summary = member(json, "summary");
	const json_t *boots = read_array(reader, json, "boots");
	struct cell *cell = run_add_cell(run, "", "", "");

	read_string(reader, json, "machine", &cell->machine);
	read_class(reader, json, &cell->class);
	read_string(reader, json, "variant", &cell->variant);
	read_pairs(reader, json, "features", &cell->features);
	cell->safe = !json_is_false(json_object_get(json, "safe"));
	read_string(reader, json, "bench", &cell->bench);
	read_string(reader, json, "reference_case", &cell->reference_case);
	read_status(reader, json, &cell->status);
	read_string(reader, json, "reason", &cell->reason);
	cell->boots_wanted = read_small(reader, json, "boots_wanted");
	read_flags(reader, json, &cell->flags);
	for (size_t i = 0; i < json_array_size(boots) && !reader->failed; i++)
		read_boot(reader, json_array_get(boots, i), cell);
	read_interval(reader, summary, "round_trip", "estimate", &cell->summary.round_trip);
	read_interval(reader, summary, "core_cycles", "estimate", &cell->summary.core_cycles);
	cell->summary.boots_used = read_count(reader, summary, "boots_used");
	cell->summary.calm = json_is_true(json_object_get(summary, "calm"));
	read_interval(reader, summary, "vs_reference", "delta", &cell->summary.vs_reference);
	cell->summary.p_value = read_number(reader, summary, "p_value");
	read_string(reader, summary, "verdict", &cell->summary.verdict);
	if (!reader->failed && (!cell->machine[0] || !cell->variant[0] || !cell->bench[0]))
		wrong(reader, "cells", "a cell needs machine, variant and bench");
}

static void read_machine(struct reader *reader, const json_t *json, struct run *run)
{
	struct run_machine *machine = run_add_machine(run, "");

	read_string(reader, json, "name", &machine->name);
	read_class(reader, json, &machine->class);
	machine->available = json_is_true(json_object_get(json, "available"));
	read_string(reader, json, "reason", &machine->reason);
	read_string(reader, json, "cpu", &machine->cpu);
	read_string(reader, json, "features", &machine->features);
	read_string(reader, json, "program", &machine->program);
}

static void read_host(struct reader *reader, const json_t *json, struct host_facts *host)
{
	read_string(reader, json, "cpu", &host->cpu);
	read_string(reader, json, "microcode", &host->microcode);
	read_string(reader, json, "kernel", &host->kernel);
	read_string(reader, json, "governor", &host->governor);
	host->tsc_hz = read_number(reader, json, "tsc_hz");
	host->cpus = read_small(reader, json, "cpus");
	read_string(reader, json, "smt", &host->smt);
	read_pairs(reader, json, "mitigations", &host->mitigations);
}

static void read_options(struct reader *reader, const json_t *json, struct run_options *options)
{
	read_strings(reader, json, "machines", &options->machines);
	read_strings(reader, json, "variants", &options->variants);
	read_strings(reader, json, "benchmarks", &options->benches);
	options->boots = read_small(reader, json, "boots");
	options->windows = read_count(reader, json, "windows");
	options->timeout = read_number(reader, json, "timeout");
	if (!isfinite(options->timeout))
		options->timeout = 0;
	read_strings(reader, json, "qemu_args", &options->qemu_args);
	read_strings(reader, json, "events", &options->events);
	read_strings(reader, json, "linux", &options->kernels);
	read_strings(reader, json, "append", &options->lines);
	read_strings(reader, json, "program", &options->program);
}

static void read_run(struct reader *reader, const json_t *json, struct run *run)
{
	const json_t *tool = member(json, "tool");
	const json_t *machines = read_array(reader, json, "machines");
	const json_t *cells = read_array(reader, json, "cells");

	read_string(reader, tool, "version", &run->version);
	read_string(reader, tool, "git", &run->git);
	read_string(reader, json, "started", &run->started);
	read_string(reader, json, "finished", &run->finished);
	read_strings(reader, json, "command", &run->command);
	run->seed = read_count(reader, json, "seed");
	read_string(reader, json, "reference", &run->reference);
	read_options(reader, member(json, "options"), &run->options);
	read_host(reader, member(json, "host"), &run->host);
	for (size_t i = 0; i < json_array_size(machines) && !reader->failed; i++)
		read_machine(reader, json_array_get(machines, i), run);
	if (!cells)
		wrong(reader, "cells", "is missing");
	for (size_t i = 0; i < json_array_size(cells) && !reader->failed; i++)
		read_cell(reader, json_array_get(cells, i), run);
}

int run_load(struct run *run, const char *dir, struct error *error)
{
	char *path = path_join(dir, RUN_FILE);
	struct reader reader = {.file = path, .error = error};
	size_t size = 0;
	char *text = file_read(path, &size, error);
	json_error_t problem = {0};
	json_t *json = text ? json_loadb(text, size, 0, &problem) : NULL;
	const char *schema = json_string_value(json_object_get(json, "schema"));

	run_init(run);
	if (text && !json) {
		error_set(error, "%s: line %d: %s", path, problem.line, problem.text);
		reader.failed = true;
	} else if (text && (!schema || strcmp(schema, RUN_SCHEMA))) {
		error_set(error, "%s: no %s file (its schema is \"%s\")", path, RUN_SCHEMA,
			  schema ? schema : "");
		reader.failed = true;
	} else if (text) {
		read_run(&reader, json, run);
	}
	json_decref(json);
	if (reader.failed || !text)
		run_free(run);
	reader.failed |= !text;
	free(text);
	free(path);
	return reader.failed ? -1 : 0;
}
