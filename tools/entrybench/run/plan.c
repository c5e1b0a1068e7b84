/* The shuffled order of boots. */
#include "run/run.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

static void free_pair(void *data)
{
	struct plan_pair *pair = data;

	g_array_unref(pair->cases);
	g_free(pair);
}

static void free_boot(void *data)
{
	struct plan_boot *boot = data;

	g_array_unref(boot->cases);
	g_free(boot);
}

void plan_init(struct plan *plan)
{
	plan->pairs = g_ptr_array_new_with_free_func(free_pair);
	plan->boots = g_ptr_array_new_with_free_func(free_boot);
}

void plan_clear(struct plan *plan)
{
	g_clear_pointer(&plan->boots, g_ptr_array_unref);
	g_clear_pointer(&plan->pairs, g_ptr_array_unref);
}

struct plan_pair *plan_add_pair(struct plan *plan, const struct machine *machine,
				const struct variant *variant)
{
	struct plan_pair *pair = g_new0(struct plan_pair, 1);

	pair->machine = machine;
	pair->variant = variant;
	pair->cases = g_array_new(FALSE, FALSE, sizeof(size_t));
	g_ptr_array_add(plan->pairs, pair);
	return pair;
}

static struct plan_boot *add_boot(struct plan *plan, const struct plan_pair *pair, unsigned number,
				  GArray *cases)
{
	struct plan_boot *boot = g_new0(struct plan_boot, 1);

	boot->pair = pair;
	boot->number = number;
	boot->cases = cases;
	g_ptr_array_add(plan->boots, boot);
	return boot;
}

void plan_add_rest(struct plan *plan, const struct plan_boot *boot, GArray *cases)
{
	add_boot(plan, boot->pair, boot->number, cases)->part = boot->part + 1;
}

void plan_shuffle(struct plan *plan, uint64_t seed)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
	size_t count = plan->pairs->len;
	g_autofree size_t *order = g_new(size_t, count);
	unsigned rounds = 0;

	gsl_rng_set(random, seed);
	for (size_t i = 0; i < count; i++) {
		const struct plan_pair *pair = plan->pairs->pdata[i];

		order[i] = i;
		rounds = MAX(rounds, pair->boots);
	}
	for (unsigned round = 0; round < rounds; round++) {
		gsl_ran_shuffle(random, order, count, sizeof(*order));
		for (size_t i = 0; i < count; i++) {
			const struct plan_pair *pair = plan->pairs->pdata[order[i]];
			GArray *cases;

			if (round >= pair->boots)
				continue;
			cases = g_array_copy(pair->cases);
			gsl_ran_shuffle(random, cases->data, cases->len, sizeof(size_t));
			add_boot(plan, pair, round, cases);
		}
	}
	gsl_rng_free(random);
}

static struct plan_pair *find_pair(struct plan *plan, const struct machine *machine,
				   const struct variant *variant)
{
	for (size_t i = 0; i < plan->pairs->len; i++) {
		struct plan_pair *pair = plan->pairs->pdata[i];

		if (pair->machine == machine && pair->variant == variant)
			return pair;
	}
	return plan_add_pair(plan, machine, variant);
}

static int add_cell(struct plan *plan, const struct cell *cell, const struct manifest *manifest,
		    const struct selection *selection, struct error *error)
{
	const struct machine *machine = machine_find(cell->machine);
	const struct variant *variant = selection_variant(manifest, cell->variant, error);
	struct plan_pair *pair;
	size_t index = 0;

	if (!machine)
		return error_set(error, "this tool has no machine \"%s\"", cell->machine);
	if (!variant)
		return -1;
	while (index < selection->case_count &&
	       strcmp(selection->cases[index].label, cell->bench) != 0)
		index++;
	if (index == selection->case_count)
		return error_set(error, "%s has no benchmark \"%s\"", manifest->path, cell->bench);
	pair = find_pair(plan, machine, variant);
	g_array_append_val(pair->cases, index);
	pair->boots = MAX(pair->boots, cell->boots_wanted);
	return 0;
}

static bool lacks_boot(const struct cell *cell, unsigned number)
{
	for (size_t i = 0; i < cell->boot_count; i++)
		if (cell->boots[i].boot == number)
			return false;
	return number < cell->boots_wanted;
}

/* What the cells have already is not done again. */
static void drop_done(struct plan *plan, const struct run *run, const struct selection *selection)
{
	for (unsigned i = plan->boots->len; i-- > 0;) {
		const struct plan_boot *boot = plan->boots->pdata[i];

		for (unsigned c = boot->cases->len; c-- > 0;) {
			size_t index = g_array_index(boot->cases, size_t, c);

			if (!lacks_boot(run_find_cell(run, boot->pair->machine->name,
						      boot->pair->variant->name,
						      selection->cases[index].label),
					boot->number))
				g_array_remove_index(boot->cases, c);
		}
		if (!boot->cases->len)
			g_ptr_array_remove_index(plan->boots, i);
	}
}

int plan_of_run(struct plan *plan, const struct run *run, const struct manifest *manifest,
		const struct selection *selection, struct error *error)
{
	plan_clear(plan);
	plan_init(plan);
	for (size_t i = 0; i < run->cell_count; i++)
		if (run->cells[i].boots_wanted &&
		    add_cell(plan, &run->cells[i], manifest, selection, error))
			return -1;
	plan_shuffle(plan, run->seed);
	drop_done(plan, run, selection);
	return 0;
}

bool plan_has_class(const struct plan *plan, enum machine_class class)
{
	for (size_t i = 0; i < plan->boots->len; i++)
		if (((struct plan_boot *)plan->boots->pdata[i])->pair->machine->class == class)
			return true;
	return false;
}

uint64_t plan_fresh_seed(void)
{
	return g_random_int();
}
