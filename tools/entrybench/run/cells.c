/* The cells of a run: which there are, and what their boots make of them. */
#include "run/run.h"

#define NOT_YET "not run yet: entrybench run --resume does it"

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

/* The first need that a machine does not meet; NULL: it meets all. */
static const char *unmet(const struct run_machine *machine, const struct strings *needs)
{
	for (size_t i = 0; i < needs->count; i++)
		if (!feature_listed(machine->features, needs->at[i]))
			return needs->at[i];
	return NULL;
}

/* Why the cell cannot run; NULL: it can. Free it. */
static char *obstacle_of(const struct run_machine *machine, const struct variant *variant,
			 const struct benchmark *benchmark)
{
	const char *lacks = unmet(machine, &variant->needs) ?: unmet(machine, &benchmark->needs);

	if (!machine->available)
		return g_strdup_printf("%s: %s", machine->name, machine->reason);
	if (benchmark->own && !variant->safe)
		return g_strdup_printf(
		    "%s is for measurement only: its kernel cannot serve a program", variant->name);
	if (lacks)
		return g_strdup_printf("needs %s, which %s lacks", lacks, machine->name);
	return NULL;
}

static void lay_cell(struct run *run, const struct selection *selection,
		     const struct run_machine *machine, const struct variant *variant,
		     const struct bench_case *one)
{
	const struct benchmark *benchmark = one->benchmark;
	struct cell *cell = run_add_cell(run, machine->name, variant->name, one->label);
	g_autofree char *obstacle = obstacle_of(machine, variant, benchmark);

	cell->class = machine->class;
	cell->safe = variant->safe;
	pairs_copy(&cell->features, &variant->features);
	if (benchmark->reference_case[0]) {
		g_autofree char *label =
		    g_strdup_printf("%s:%s", benchmark->name, benchmark->reference_case);

		run_set(&cell->reference_case, label);
	}
	cell->status = STATUS_SKIPPED;
	run_set(&cell->reason, obstacle ?: NOT_YET);
	if (!obstacle)
		cell->boots_wanted =
		    run->options.boots
			?: default_boots(selection, machine_find(machine->name), benchmark);
	cell_judge(cell);
}

/* A program of the user's runs in the first variant that a machine has, where none was named. */
static bool is_first(const struct run *run, const struct selection *selection,
		     const struct run_machine *machine, const struct variant *variant)
{
	if (run->options.variants.count ||
	    choice_names_variant(&run->options.machines, machine->name))
		return true;
	for (size_t v = 0; v < selection->variant_count; v++)
		if (machine_has(machine_find(machine->name), selection->variants[v]))
			return selection->variants[v] == variant;
	return false;
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

/* By default the machines after the first one run only what that one lacks, and what that is compared with. */
static bool is_wanted(const struct run *run, const struct selection *selection,
		      const struct run_machine *machine, const struct variant *variant)
{
	const struct run_machine *main = run->machines;

	if (!machine_has(machine_find(machine->name), variant) ||
	    !choice_allows(&run->options.machines, machine->name, variant))
		return false;
	if (run->options.program.count && !is_first(run, selection, machine, variant))
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

void cells_lay(struct run *run, const struct selection *selection)
{
	for (size_t m = 0; m < run->machine_count; m++) {
		const struct run_machine *machine = &run->machines[m];

		for (size_t v = 0; v < selection->variant_count; v++) {
			const struct variant *variant = selection->variants[v];

			if (!is_wanted(run, selection, machine, variant))
				continue;
			for (size_t c = 0; c < selection->case_count; c++) {
				const struct bench_case *one = &selection->cases[c];

				if (one->asked || one->benchmark->classes[machine->class])
					lay_cell(run, selection, machine, variant, one);
			}
		}
	}
}

void cells_take_up(struct run *run)
{
	for (size_t c = 0; c < run->cell_count; c++) {
		struct cell *cell = &run->cells[c];

		for (size_t b = cell->boot_count; b-- > 0;)
			if (cell->boots[b].status > STATUS_SKIPPED)
				cell_drop_boot(cell, b);
		if (cell->boots_wanted && !cell->boot_count) {
			cell->status = STATUS_SKIPPED;
			run_set(&cell->reason, NOT_YET);
		}
		cell_judge(cell);
	}
}

bool cells_extend(struct run *run)
{
	bool any = false;

	summary_fill(run);
	for (size_t i = 0; i < run->cell_count; i++) {
		struct cell *cell = &run->cells[i];

		if (!machine_find(cell->machine)->boots_together || cell->status != STATUS_OK ||
		    cell->summary.calm)
			continue;
		cell->boots_wanted *= 2;
		any = true;
	}
	return any;
}

static void judge_gravest(struct cell *cell)
{
	const struct boot *gravest = &cell->boots[0];
	g_autofree char *number = NULL, *reason = NULL;

	for (size_t i = 1; i < cell->boot_count; i++)
		if (cell->boots[i].status > gravest->status)
			gravest = &cell->boots[i];
	cell->status = gravest->status;
	if (gravest->status > STATUS_SKIPPED)
		number = g_strdup_printf("boot %u: ", gravest->boot);
	reason = g_strconcat(number ?: "", gravest->reason, NULL);
	run_set(&cell->reason, reason);
}

/* What differs between two boots of equal work, with both values; NULL: nothing. Both unknown is equal, too. */
static const char *difference(const struct boot *a, const struct boot *b, double values[2])
{
	const struct {
		const char *what;
		double a, b;
	} figures[] = {
	    {"round trip", a->round_trip, b->round_trip},
	    {"window", (double)a->window.min, (double)b->window.min},
	    {"empty window", a->controls.empty_window, b->controls.empty_window},
	    {"function call", a->controls.function_call, b->controls.function_call},
	    {"empty loop", a->controls.empty_loop, b->controls.empty_loop},
	    {"nop twin", a->controls.twin, b->controls.twin},
	    {"bare loop", a->controls.bare, b->controls.bare},
	};

	for (size_t i = 0; i < G_N_ELEMENTS(figures); i++) {
		values[0] = figures[i].a;
		values[1] = figures[i].b;
		if (values[0] != values[1] && !(isnan(values[0]) && isnan(values[1])))
			return figures[i].what;
	}
	return NULL;
}

static void judge_equal(struct cell *cell)
{
	const struct boot *first = &cell->boots[0];
	double values[2];

	for (size_t i = 1; i < cell->boot_count; i++) {
		const char *what = difference(first, &cell->boots[i], values);
		g_autofree char *reason = NULL;

		if (!what)
			continue;
		reason = g_strdup_printf(
		    "boots %u and %u of a deterministic machine differ: %s %.15g and %.15g",
		    first->boot, cell->boots[i].boot, what, values[0], values[1]);
		cell->status = STATUS_FAILED;
		run_set(&cell->reason, reason);
		flags_add(&cell->flags, "unequal_boots", 1, flag_about("unequal_boots"));
		return;
	}
}

static void add_up_flags(struct cell *cell)
{
	fields_clear(flag_shape(), &cell->flags);
	if (!cell->safe)
		flags_add(&cell->flags, "unsafe", 1, flag_about("unsafe"));
	for (size_t b = 0; b < cell->boot_count; b++) {
		const struct flags *flags = &cell->boots[b].flags;

		for (size_t i = 0; i < flags->count; i++) {
			const struct flag *flag = &flags->at[i];
			struct flag *sum = (struct flag *)flags_get(&cell->flags, flag->name);

			if (sum)
				sum->count += flag->count;
			else
				flags_add(&cell->flags, flag->name, flag->count, flag->text);
		}
	}
}

void cell_judge(struct cell *cell)
{
	add_up_flags(cell);
	if (!cell->boot_count)
		return;
	judge_gravest(cell);
	if (cell->status == STATUS_OK && cell->class == CLASS_DETERMINISTIC)
		judge_equal(cell);
}
