/* What a run is of: machines, those that -m names or the best that this host has, and cells. */
#include "run/run.h"

#include <fnmatch.h>

/* A machine that cannot count all that is asked for is left out: half an answer is overlooked. */
static void check_events(const struct machine *machine, const struct pmu_events *events,
			 struct run_machine *result)
{
	struct error error = {""};

	if (!events->count || !result->available)
		return;
	if (machine->counters == COUNTERS_NONE)
		remark("-e counts nothing on %s: no PMU on this machine", machine->name);
	if (machine->counters == COUNTERS_LINUX)
		pmu_check(events, &error);
	if (machine->counters == COUNTERS_CORE)
		g_free(pmu_codes(events, &error));
	if (error.text[0]) {
		result->available = false;
		run_set(&result->reason, error.text);
	}
}

/* Probes a machine and adds it to the run. NULL: the user wants to stop. */
static const struct run_machine *add_machine(struct run_result *result, const char *name)
{
	struct run_machine *machine = run_add_machine(&result->run, name);

	if (!probe_machine(machine_find(name), &result->manifest, &result->run.options.qemu_args,
			   machine))
		return NULL;
	check_events(machine_find(name), &result->events, machine);
	return machine;
}

/* The first need that a machine does not meet; NULL: it meets all. */
static const char *unmet(const struct run_machine *machine, const struct strings *needs)
{
	/* What is away will say by itself what it lacks. */
	for (size_t i = 0; i < needs->count && !machine_find(machine->name)->away; i++)
		if (!feature_listed(machine->features, needs->at[i]))
			return needs->at[i];
	return NULL;
}

static bool lacks_something(const struct run_machine *machine, const struct selection *selection)
{
	for (size_t v = 0; v < selection->variant_count; v++)
		if (unmet(machine, &selection->variants[v]->needs))
			return true;
	return false;
}

/* Adds one that may be missing, which is said. NULL: the user wants to stop. */
static const struct run_machine *try_machine(struct run_result *result, const char *name)
{
	const struct run_machine *machine = add_machine(result, name);

	if (machine && !machine->available)
		remark("%s cannot be used: %s", name, machine->reason);
	return machine;
}

/* kvm if its probe passes, else tcg; bochs for what that lacks; and native. A program needs one. */
static bool choose_default(struct run_result *result)
{
	const struct run_machine *machine = add_machine(result, "kvm");

	if (machine && !machine->available) {
		remark("tcg instead of kvm: %s", machine->reason);
		machine = try_machine(result, "tcg");
	}
	if (machine && result->run.options.program.count)
		return true;
	if (machine && machine->available && lacks_something(machine, &result->selection))
		machine = try_machine(result, "bochs");
	return machine && try_machine(result, "native");
}

bool choose_machines(struct run_result *result)
{
	const struct strings *words = &result->run.options.machines;

	for (size_t i = 0; i < words->count; i++) {
		const char *glob, *name = machine_of_words(words->at[i], &glob)->name;

		if (!run_find_machine(&result->run, name) && !add_machine(result, name))
			return false;
	}
	return words->count || choose_default(result);
}

/* A program of the user's is no measurement: one boot shows what it does. */
static unsigned default_boots(const struct selection *selection, const struct machine *machine,
			      const struct benchmark *benchmark)
{
	if (benchmark->own)
		return 1;
	if (machine->boots)
		return MAX(machine->boots,
			   machine->boots_together / (unsigned)selection->case_count);
	return machine->class == CLASS_SILICON ? 10 : 2;
}

/* As many boots of each layout. */
static unsigned boots_of(const struct run_options *options, unsigned usual)
{
	unsigned boots = options->boots ?: usual, layouts = options->layouts ?: 1;

	return (boots + layouts - 1) / layouts * layouts;
}

char *layout_image(const struct variant *variant, unsigned layout)
{
	g_autofree char *folder = g_path_get_dirname(variant->image);

	if (!layout || variant->machine[0] || !variant->image[0])
		return NULL;
	return g_strdup_printf("%s/layouts/%s.%u.elf", folder, variant->name, layout);
}

/* Why the cell cannot run; NULL: it can. Free it. */
static char *obstacle_of(const struct run_machine *machine, const struct variant *variant,
			 const struct benchmark *benchmark, unsigned layouts)
{
	const char *lacks = unmet(machine, &variant->needs) ?: unmet(machine, &benchmark->needs);
	g_autofree char *image = layouts ? layout_image(variant, layouts - 1) : NULL;

	if (!machine->available)
		return g_strdup_printf("%s: %s", machine->name, machine->reason);
	if (benchmark->own && !variant->safe)
		return g_strdup_printf(
		    "%s is for measurement only: its kernel cannot serve a program", variant->name);
	if (lacks)
		return g_strdup_printf("needs %s, which %s lacks", lacks, machine->name);
	if (image && access(image, R_OK))
		return g_strdup_printf(
		    "there is no %s: \"ninja layouts\" in the build makes those of 16", image);
	return NULL;
}

static void lay_cell(struct run *run, const struct selection *selection,
		     const struct run_machine *machine, const struct variant *variant,
		     const struct bench_case *one)
{
	const struct benchmark *benchmark = one->benchmark;
	struct cell *cell = run_add_cell(run, machine->name, variant->name, one->label);
	g_autofree char *obstacle = obstacle_of(machine, variant, benchmark, run->options.layouts);

	cell->class = machine->class;
	cell->safe = variant->safe;
	pairs_copy(&cell->features, &variant->features);
	if (benchmark->reference_case[0])
		run_take(&cell->reference_case,
			 g_strdup_printf("%s:%s", benchmark->name, benchmark->reference_case));
	cell->status = STATUS_SKIPPED;
	run_set(&cell->reason, obstacle ?: CELL_NOT_YET);
	if (!obstacle)
		cell->boots_wanted =
		    boots_of(&run->options,
			     default_boots(selection, machine_find(machine->name), benchmark));
	cell_judge(cell);
}

/* Whether -m lets the variant run on this machine. A program runs in the first by default. */
static bool is_named(const struct run *run, const struct selection *selection,
		     const struct machine *machine, const struct variant *variant)
{
	const struct strings *words = &run->options.machines;
	bool named = run->options.variants.count, allowed = !words->count;

	for (size_t i = 0; i < words->count; i++) {
		const char *glob;

		if (machine_of_words(words->at[i], &glob) != machine)
			continue;
		named |= glob != NULL;
		allowed |= !glob || !fnmatch(glob, variant->name, 0);
	}
	for (size_t v = 0; run->options.program.count && !named; v++)
		if (machine_has(machine, selection->variants[v]))
			return selection->variants[v] == variant;
	return allowed;
}

/* Something that the main machine lacks is compared with this variant. */
static bool is_compared_with(const struct run *run, const struct selection *selection,
			     const struct run_machine *main, const struct variant *variant)
{
	if (!strcmp(variant->name, run->reference))
		return true;
	for (size_t v = 0; v < selection->variant_count; v++)
		if (unmet(main, &selection->variants[v]->needs) &&
		    feature_added(&variant->features, &selection->variants[v]->features))
			return true;
	return false;
}

/* Without -m, later machines run only what the first lacks, and its references. */
static bool is_wanted(const struct run *run, const struct selection *selection,
		      const struct run_machine *machine, const struct variant *variant)
{
	const struct run_machine *main = run->machines;
	const struct machine *kind = machine_find(machine->name);

	if (!machine_has(kind, variant) || !is_named(run, selection, kind, variant))
		return false;
	if (run->options.machines.count)
		return true;
	while (!main->available && main->class == CLASS_SILICON)
		main++;
	if (machine == main || variant->machine[0])
		return true;
	return machine > main &&
	       (unmet(main, &variant->needs) || is_compared_with(run, selection, main, variant));
}

/* The first part of a sharded run lists all cells: so it is known what the others are to do. */
static bool is_listed(const struct run *run, enum machine_class class, unsigned number)
{
	return g_str_has_prefix(run->options.shard, "1/") || class == CLASS_SILICON ||
	       shard_has(run, class, number, 0);
}

void cells_lay(struct run *run, const struct selection *selection)
{
	unsigned number = 0;

	for_each(const struct run_machine, machine, run->machines, run->machine_count) {
		for (size_t v = 0; v < selection->variant_count; v++) {
			const struct variant *variant = selection->variants[v];

			if (!is_wanted(run, selection, machine, variant))
				continue;
			for_each(const struct bench_case, one, selection->cases,
				 selection->case_count) {
				if (!one->asked && !one->benchmark->classes[machine->class])
					continue;
				if (is_listed(run, machine->class, number)) {
					lay_cell(run, selection, machine, variant, one);
					run->cells[run->cell_count - 1].number = number;
				}
				number++;
			}
		}
	}
}

void cells_take_up(struct run *run)
{
	for_each(struct cell, cell, run->cells, run->cell_count) {
		for (size_t b = cell->boot_count; b-- > 0;)
			if (cell->boots[b].status > STATUS_SKIPPED)
				cell_drop_boot(cell, b);
		if (cell->boots_wanted && !cell->boot_count) {
			cell->status = STATUS_SKIPPED;
			run_set(&cell->reason, CELL_NOT_YET);
		}
		cell_judge(cell);
	}
}
