/* Life of a run in memory, and the ways to find things in it. */
#include "model/model.h"

void run_set(char **string, const char *text)
{
	char *fresh = text ? g_ref_string_new_intern(text) : NULL;

	if (*string)
		g_ref_string_release(*string);
	*string = fresh;
}

void run_take(char **string, char *text)
{
	run_set(string, text);
	g_free(text);
}

void pairs_add(struct pairs *pairs, const char *name, const char *value)
{
	struct pair *pair = fields_append(pair_shape(), pairs);

	run_set(&pair->name, name);
	run_set(&pair->value, value);
}

void pairs_copy(struct pairs *to, const struct pairs *from)
{
	for (size_t i = 0; i < from->count; i++)
		pairs_add(to, from->at[i].name, from->at[i].value);
}

const char *pairs_get(const struct pairs *pairs, const char *name)
{
	const struct pair *pair = fields_find(pair_shape(), pairs, name);

	return pair ? pair->value : NULL;
}

void costs_add(struct costs *costs, const char *name, double value)
{
	struct cost *cost = fields_append(cost_shape(), costs);

	run_set(&cost->name, name);
	cost->value = value;
}

double costs_get(const struct costs *costs, const char *name)
{
	const struct cost *cost = fields_find(cost_shape(), costs, name);

	return cost ? cost->value : NAN;
}

void flags_add(struct flags *flags, const char *name, uint64_t count, const char *text)
{
	struct flag *flag = fields_append(flag_shape(), flags);

	run_set(&flag->name, name);
	flag->count = count;
	run_set(&flag->text, text ?: flag_about(name));
}

const struct flag *flags_get(const struct flags *flags, const char *name)
{
	return fields_find(flag_shape(), flags, name);
}

void run_init(struct run *run)
{
	fields_init(run_shape(), run);
}

/* What was found out about the cells, which are about to change. */
static void run_forget(struct run *run)
{
	g_clear_pointer(&run->index, g_hash_table_unref);
	g_clear_pointer(&run->paths, g_hash_table_unref);
}

void run_free(struct run *run)
{
	run_forget(run);
	fields_free(run_shape(), run);
}

/* No name holds a newline: they are words of a command line or a plan. */
static char *cell_key(const char *machine, const char *variant, const char *bench)
{
	return g_strjoin("\n", machine, variant, bench, NULL);
}

/* The first of two equal ones is the one that is found. */
void run_index_cell(struct run *run, size_t number)
{
	const struct cell *cell = &run->cells[number];
	char *key = cell_key(cell->machine, cell->variant, cell->bench);

	if (!run->index)
		run->index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (g_hash_table_contains(run->index, key))
		g_free(key);
	else
		g_hash_table_insert(run->index, key, GSIZE_TO_POINTER(number));
}

void run_index_anew(struct run *run)
{
	run_forget(run);
	for (size_t i = 0; i < run->cell_count; i++)
		run_index_cell(run, i);
}

struct cell *run_add_cell(struct run *run, const char *machine, const char *variant,
			  const char *bench)
{
	struct cell *cell = fields_append(cell_shape(), &run->cells);

	run_set(&cell->machine, machine);
	run_set(&cell->variant, variant);
	run_set(&cell->bench, bench);
	cell->safe = true;
	g_clear_pointer(&run->paths, g_hash_table_unref);
	run_index_cell(run, run->cell_count - 1);
	return cell;
}

struct run_machine *run_add_machine(struct run *run, const char *name)
{
	struct run_machine *machine = fields_append(run_machine_shape(), &run->machines);

	run_set(&machine->name, name);
	return machine;
}

struct boot *cell_add_boot(struct cell *cell, unsigned number)
{
	struct boot fresh = *(struct boot *)fields_append(boot_shape(), &cell->boots);
	size_t at = cell->boot_count - 1;

	fresh.boot = number;
	for (; at && cell->boots[at - 1].boot > number; at--)
		cell->boots[at] = cell->boots[at - 1];
	cell->boots[at] = fresh;
	return &cell->boots[at];
}

struct boot *cell_move_boot(struct cell *cell, struct boot *boot)
{
	struct boot *to = cell_add_boot(cell, boot->boot);

	fields_free(boot_shape(), to);
	*to = *boot;
	fields_init(boot_shape(), boot);
	return to;
}

bool cell_has_boot(const struct cell *cell, unsigned number)
{
	for (size_t i = 0; i < cell->boot_count; i++)
		if (cell->boots[i].boot == number)
			return true;
	return false;
}

void cell_drop_boot(struct cell *cell, size_t index)
{
	fields_free(boot_shape(), &cell->boots[index]);
	cell->boot_count--;
	memmove(&cell->boots[index], &cell->boots[index + 1],
		(cell->boot_count - index) * sizeof(*cell->boots));
}

struct cell *run_find_cell(const struct run *run, const char *machine, const char *variant,
			   const char *bench)
{
	g_autofree char *key = cell_key(machine, variant, bench);
	void *number;

	if (!run->index || !g_hash_table_lookup_extended(run->index, key, NULL, &number))
		return NULL;
	return &run->cells[GPOINTER_TO_SIZE(number)];
}

const struct run_machine *run_find_machine(const struct run *run, const char *name)
{
	return fields_find(run_machine_shape(), &run->machines, name);
}
