/* The shuffled order of boots. */
#include "run/run.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

static void free_pair(void *data)
{
	g_array_unref(((struct plan_pair *)data)->items);
	g_free(data);
}

static void free_boot(void *data)
{
	g_array_unref(((struct plan_boot *)data)->items);
	g_free(((struct plan_boot *)data)->stream);
	g_free(data);
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
	pair->items = g_array_new(FALSE, FALSE, sizeof(struct plan_item));
	g_ptr_array_add(plan->pairs, pair);
	return pair;
}

static void add_boot(struct plan *plan, struct plan_boot boot)
{
	g_ptr_array_add(plan->boots, g_memdup2(&boot, sizeof(boot)));
}

void plan_add_rest(struct plan *plan, const struct plan_boot *boot, GArray *items)
{
	add_boot(plan, (struct plan_boot){.pair = boot->pair,
					  .number = boot->number,
					  .part = boot->part + 1,
					  .items = items});
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
			GArray *items;

			if (round >= pair->boots)
				continue;
			items = g_array_copy(pair->items);
			gsl_ran_shuffle(random, items->data, items->len, sizeof(struct plan_item));
			add_boot(plan,
				 (struct plan_boot){.pair = pair, .number = round, .items = items});
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

static int add_cell(struct plan *plan, struct cell *cell, const struct manifest *manifest,
		    const struct selection *selection, struct error *error)
{
	const struct machine *machine = machine_find(cell->machine);
	const struct variant *variant = manifest_find_variant(manifest, cell->variant);
	struct plan_item item = {.cell = cell};
	struct plan_pair *pair;

	if (!machine)
		return error_set(error, "this tool has no machine \"%s\"", cell->machine);
	for (size_t i = 0; i < selection->case_count && !item.bench; i++)
		if (!strcmp(selection->cases[i].label, cell->bench))
			item.bench = &selection->cases[i];
	if (!variant || !item.bench)
		return error_set(error, "%s has no %s \"%s\"", manifest->path,
				 variant ? "benchmark" : "variant",
				 variant ? cell->bench : cell->variant);
	pair = find_pair(plan, machine, variant);
	g_array_append_val(pair->items, item);
	pair->boots = MAX(pair->boots, cell->boots_wanted);
	return 0;
}

bool shard_parse(const char *text, unsigned *part, unsigned *parts)
{
	char end;

	return sscanf(text, "%4u/%4u%c", part, parts, &end) == 2 && *part >= 1 && *part <= *parts;
}

bool shard_has(const struct run *run, enum machine_class class, unsigned cell, unsigned boot)
{
	unsigned part, parts, number = class == CLASS_SILICON ? boot : cell;

	return !shard_parse(run->options.shard, &part, &parts) || number % parts == part - 1;
}

/* Numbers follow earlier groups'. Drops boots that are done, and those of other shards. */
static void drop_done(struct plan *plan, const struct run *run)
{
	unsigned first = run->group_count ? run->groups[run->group_count - 1].first_boot : 0;

	for (unsigned i = plan->boots->len; i-- > 0;) {
		struct plan_boot *boot = plan->boots->pdata[i];

		boot->number += first;
		for (unsigned k = boot->items->len; k-- > 0;) {
			const struct cell *cell = plan_item(boot, k)->cell;

			if (cell_has_boot(cell, boot->number) ||
			    boot->number - first >= cell->boots_wanted ||
			    !shard_has(run, cell->class, cell->number, boot->number))
				g_array_remove_index(boot->items, k);
		}
		if (!boot->items->len)
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
	drop_done(plan, run);
	return 0;
}

bool plan_has_class(const struct plan *plan, enum machine_class class)
{
	for (size_t i = 0; i < plan->boots->len; i++)
		if (((struct plan_boot *)plan->boots->pdata[i])->pair->machine->class == class)
			return true;
	return false;
}
