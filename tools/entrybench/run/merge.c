/* Runs of one plan, shards of it as a rule, made into one. */
#include "run/run.h"

#include <unistd.h>

/* sources: what all but the cells is; their cells are in memory one run at a time. */
struct merge {
	struct run *sources, *merged;
	const char *const *dirs;
	size_t count;
	const char *out;
};

/* What all must agree on: everything that was asked for, but which shard. */
static json_t *plan_json(const struct run *run)
{
	json_t *plan = fields_write(run_options_shape(), &run->options);

	json_object_del(plan, "shard");
	json_object_set_new(plan, "seed", json_integer((json_int_t)run->seed));
	json_object_set_new(plan, "reference", json_string(run->reference));
	return plan;
}

/* A kernel or program of both that is not the same file; NULL: none. */
static const char *other_file(const struct run *first, const struct run *run)
{
	if (!first->group_count || !run->group_count)
		return NULL;
	const struct pairs *a = &first->groups[first->group_count - 1].made_with;
	const struct pairs *b = &run->groups[run->group_count - 1].made_with;

	for (size_t i = 0; i < a->count; i++) {
		const char *name = a->at[i].name, *sum = pairs_get(b, name);

		if (sum && strlen(sum) == 64 && strcmp(sum, a->at[i].value))
			return name;
	}
	return NULL;
}

static int check_fit(const struct merge *merge, size_t number, struct error *error)
{
	const struct run *first = &merge->sources[0], *run = &merge->sources[number];
	const char *shards[] = {strchr(first->options.shard, '/'), strchr(run->options.shard, '/')};
	json_auto_t *plan = plan_json(first), *other = plan_json(run);
	json_t *value;
	const char *key, *file = other_file(first, run);
	const char *dir = merge->dirs[number];

	if (strcmp(first->tool.version, run->tool.version) ||
	    strcmp(first->tool.git, run->tool.git))
		return error_set(error, "%s is of entrybench %s %s, %s of %s %s: run both with one",
				 merge->dirs[0], first->tool.version, first->tool.git, dir,
				 run->tool.version, run->tool.git);
	if (g_strcmp0(shards[0], shards[1]))
		return error_set(
		    error,
		    "%s is shard \"%s\" and %s shard \"%s\": of so many parts must all be, or none",
		    merge->dirs[0], first->options.shard, dir, run->options.shard);
	if (file)
		return error_set(error, "%s and %s were made with different files: %s",
				 merge->dirs[0], dir, file);
	json_object_foreach(plan, key, value) {
		if (!json_equal(value, json_object_get(other, key)))
			return error_set(error,
					 "%s and %s are of other plans: they differ in \"%s\"",
					 merge->dirs[0], dir, key);
	}
	return 0;
}

/* "MACHINE@CPU" where silicon of several CPUs meets. NULL: other runs have the machine. Free it. */
static char *name_of(const struct merge *merge, const struct run *run, const char *name)
{
	const struct run_machine *machine = run_find_machine(run, name);
	bool several = false, elsewhere = false;

	if (!machine) /* machines[] lacks one that a cell names */
		return g_strdup(name);
	for (size_t i = 0; i < merge->count; i++) {
		const struct run_machine *other = run_find_machine(&merge->sources[i], name);

		if (!other || !other->available)
			continue;
		elsewhere = true;
		several |= machine->available && strcmp(machine->cpu, other->cpu) != 0;
	}
	if (elsewhere && !machine->available)
		return NULL;
	return machine->class == CLASS_SILICON && several
		   ? g_strconcat(name, "@", machine->cpu, NULL)
		   : g_strdup(name);
}

static void take_machines(const struct merge *merge, const struct run *run)
{
	for (size_t i = 0; i < run->machine_count; i++) {
		struct run_machine *machine = &run->machines[i], *to;
		g_autofree char *name = name_of(merge, run, machine->name);

		if (!name || run_find_machine(merge->merged, name))
			continue;
		to = run_add_machine(merge->merged, name);
		to->class = machine->class;
		to->available = machine->available;
		run_set(&to->reason, machine->reason);
		run_set(&to->cpu, machine->cpu);
		run_set(&to->features, machine->features);
		run_set(&to->program, machine->program);
	}
}

/* Takes a boot's file along, "logs/NAME" as "logs/K-NAME": shards have files of one name. */
static int take_file(const struct merge *merge, size_t number, char **path, struct error *error)
{
	g_autofree char *from = g_build_filename(merge->dirs[number], *path, NULL);
	g_autofree char *folder = g_path_get_dirname(*path), *base = g_path_get_basename(*path);
	g_autofree char *name = g_strdup_printf("%s/%zu-%s", folder, number + 1, base);
	g_autofree char *to = g_build_filename(merge->out, name, NULL), *data = NULL;
	size_t size;

	if (!**path)
		return 0;
	run_set(path, name);
	/* A log is of several cells. No file of a run is ever written again, so a link will do. */
	if (access(to, F_OK) == 0 || link(from, to) == 0)
		return 0;
	data = file_read(from, &size, error);
	return data ? file_replace(merge->out, name, data, size, error) : -1;
}

static int take_boot(const struct merge *merge, size_t number, struct cell *cell, struct boot *boot,
		     struct error *error)
{
	struct boot *to;

	if (cell_has_boot(cell, boot->boot))
		return error_set(error,
				 "boot %u of %s, %s, %s is in %s and in an earlier one: merge "
				 "joins parts of one run; two runs are for compare",
				 boot->boot, cell->machine, cell->variant, cell->bench,
				 merge->dirs[number]);
	to = cell_move_boot(cell, boot);
	return take_file(merge, number, &to->log, error) ||
		       take_file(merge, number, &to->samples, error)
		   ? -1
		   : 0;
}

static int take_cell(const struct merge *merge, size_t number, struct cell *cell,
		     struct error *error)
{
	g_autofree char *name = name_of(merge, &merge->sources[number], cell->machine);
	struct cell *to;
	int result = 0;

	if (!name)
		return 0;
	to = run_find_cell(merge->merged, name, cell->variant, cell->bench);
	if (!to) {
		to = run_add_cell(merge->merged, name, cell->variant, cell->bench);
		to->class = cell->class;
		to->safe = cell->safe;
		to->status = STATUS_SKIPPED;
		to->number = cell->number;
		pairs_copy(&to->features, &cell->features);
		run_set(&to->reference_case, cell->reference_case);
		run_set(&to->reason, cell->boots_wanted ? CELL_NOT_YET : cell->reason);
	}
	if (to->boots_wanted && cell->boots_wanted && to->boots_wanted != cell->boots_wanted)
		return error_set(error, "%s, %s, %s was to have %u boots in %s and %u in another",
				 cell->machine, cell->variant, cell->bench, cell->boots_wanted,
				 merge->dirs[number], to->boots_wanted);
	to->boots_wanted = MAX(to->boots_wanted, cell->boots_wanted);
	for (size_t i = 0; i < cell->boot_count && result == 0; i++)
		result = take_boot(merge, number, to, &cell->boots[i], error);
	return result;
}

/* What the parts were made with, so that --resume can go on. */
static void take_groups(const struct merge *merge)
{
	struct group *group = NULL;

	for_each(const struct run, run, merge->sources, merge->count) {
		const struct pairs *made;

		if (!run->group_count)
			continue;
		made = &run->groups[run->group_count - 1].made_with;
		group = group ?: fields_append(group_shape(), &merge->merged->groups);
		for (size_t k = 0; k < made->count; k++)
			if (!pairs_get(&group->made_with, made->at[k].name))
				pairs_add(&group->made_with, made->at[k].name, made->at[k].value);
	}
}

/* What is said once of all. Times of hosts whose clocks run differently cannot be told in ns. */
static void take_facts(const struct merge *merge)
{
	struct run *merged = merge->merged, *first = &merge->sources[0];
	bool whole = !first->options.shard[0], ended = true;

	/* Of a sharded run the first part alone lists what the others were to do. */
	for (size_t i = 0; i < merge->count; i++) {
		whole |= g_str_has_prefix(merge->sources[i].options.shard, "1/");
		ended &= merge->sources[i].finished[0] != 0;
	}
	whole &= ended;
	take_groups(merge);
	fields_free(tool_shape(), &merged->tool);
	fields_free(run_options_shape(), &merged->options);
	fields_free(host_facts_shape(), &merged->host);
	merged->tool = first->tool;
	merged->options = first->options;
	merged->host = first->host;
	fields_init(tool_shape(), &first->tool);
	fields_init(run_options_shape(), &first->options);
	fields_init(host_facts_shape(), &first->host);
	run_set(&merged->options.shard, "");
	run_set(&merged->reference, first->reference);
	merged->seed = first->seed;
	run_set(&merged->started, first->started);
	for (size_t i = 0; i < merge->count; i++) {
		const struct run *run = &merge->sources[i];

		if (strcmp(run->started, merged->started) < 0)
			run_set(&merged->started, run->started);
		if (strcmp(run->finished, merged->finished) > 0)
			run_set(&merged->finished, run->finished);
		if (i && !(fabs(run->host.tsc_hz - merged->host.tsc_hz) < 1e-3 * run->host.tsc_hz))
			merged->host.tsc_hz = NAN;
	}
	for (size_t i = 0; i < merged->cell_count; i++)
		whole &= merged->cells[i].boot_count >= merged->cells[i].boots_wanted;
	if (!whole)
		run_set(&merged->finished, "");
}

/* Source and its cells. */
static int take_source(const struct merge *merge, size_t number, struct error *error)
{
	g_auto(run_t) run = {0};
	int result = run_load(&run, merge->dirs[number], error);

	for (size_t c = 0; c < run.cell_count && result == 0; c++)
		result = take_cell(merge, number, &run.cells[c], error);
	return result;
}

static int compare_numbers(const void *left, const void *right, G_GNUC_UNUSED void *unused)
{
	const struct cell *a = left, *b = right;

	return (a->number > b->number) - (a->number < b->number);
}

/* Cells in the order of the plan, whatever the order of its parts. */
static void order_cells(struct run *run)
{
	if (run->cell_count)
		g_qsort_with_data(run->cells, (int)run->cell_count, sizeof(*run->cells),
				  compare_numbers, NULL);
	run_index_anew(run);
}

static int join(const struct merge *merge, struct error *error)
{
	int result = 0;

	for (size_t i = 0; i < merge->count && result == 0; i++)
		result = run_load_head(&merge->sources[i], merge->dirs[i], error);
	for (size_t i = 1; i < merge->count && result == 0; i++)
		result = check_fit(merge, i, error);
	if (result || store_create(merge->out, error))
		return -1;
	for (size_t i = 0; i < merge->count && result == 0; i++) {
		take_machines(merge, &merge->sources[i]);
		result = take_source(merge, i, error);
	}
	order_cells(merge->merged);
	return result;
}

int merge_runs(struct run *merged, const char *const *dirs, size_t count, const char *out,
	       struct error *error)
{
	struct merge merge = {g_new0(struct run, count), merged, dirs, count, out};
	bool fresh = !g_file_test(out, G_FILE_TEST_EXISTS);
	int result;

	run_init(merged);
	result = join(&merge, error);
	if (result == 0) {
		take_facts(&merge);
		for (size_t i = 0; i < merged->cell_count; i++)
			cell_judge(&merged->cells[i]);
		summary_fill(merged);
		result = run_save(merged, out, error);
	}
	/* A refused merge leaves no folder behind. */
	if (result && fresh)
		folder_remove(out);
	for (size_t i = 0; i < count; i++)
		run_free(&merge.sources[i]);
	g_free(merge.sources);
	return result;
}
