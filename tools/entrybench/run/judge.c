/* What the boots of a cell say of it. */
#include "run/run.h"

static void judge_gravest(struct cell *cell)
{
	const struct boot *gravest = &cell->boots[0];

	for (size_t i = 1; i < cell->boot_count; i++)
		if (cell->boots[i].status > gravest->status)
			gravest = &cell->boots[i];
	cell->status = gravest->status;
	if (gravest->status > STATUS_SKIPPED)
		run_take(&cell->reason,
			 g_strdup_printf("boot %u: %s", gravest->boot, gravest->reason));
	else
		run_set(&cell->reason, gravest->reason);
}

/* What differs between two boots of equal work, and both values; NULL: nothing. NAN equals NAN. */
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

		if (!what)
			continue;
		cell->status = STATUS_FAILED;
		run_take(
		    &cell->reason,
		    g_strdup_printf(
			"boots %u and %u of a deterministic machine differ: %s %.15g and %.15g",
			first->boot, cell->boots[i].boot, what, values[0], values[1]));
		flags_add(&cell->flags, "unequal_boots", 1, NULL);
		return;
	}
}

static void add_up_flags(struct cell *cell)
{
	fields_clear(flag_shape(), &cell->flags);
	if (!cell->safe)
		flags_add(&cell->flags, "unsafe", 1, NULL);
	for (size_t b = 0; b < cell->boot_count; b++) {
		const struct flags *flags = &cell->boots[b].flags;

		for_each(const struct flag, flag, flags->at, flags->count) {
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

bool cells_extend(struct run *run)
{
	bool any = false;

	summary_fill(run);
	for_each(struct cell, cell, run->cells, run->cell_count) {
		if (!machine_find(cell->machine)->boots_together || cell->status != STATUS_OK ||
		    cell->summary.calm)
			continue;
		cell->boots_wanted *= 2;
		any = true;
	}
	return any;
}
