/* Life of a run in memory, and the ways to find things in it. */
#include "model/model.h"

void run_set(char **string, const char *text)
{
	char *copy = g_strdup(text);

	g_free(*string);
	*string = copy;
}

void run_init(struct run *run)
{
	fields_init(&run_shape, run);
}

void run_free(struct run *run)
{
	g_clear_pointer(&run->index, g_hash_table_unref);
	g_clear_pointer(&run->references, g_hash_table_unref);
	fields_free(&run_shape, run);
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

struct cell *run_add_cell(struct run *run, const char *machine, const char *variant,
			  const char *bench)
{
	struct cell *cell = fields_append(&run_shape, run, "cells");

	run_set(&cell->machine, machine);
	run_set(&cell->variant, variant);
	run_set(&cell->bench, bench);
	cell->safe = true;
	run_index_cell(run, run->cell_count - 1);
	return cell;
}

struct run_machine *run_add_machine(struct run *run, const char *name)
{
	struct run_machine *machine = fields_append(&run_shape, run, "machines");

	run_set(&machine->name, name);
	return machine;
}

struct boot *cell_add_boot(struct cell *cell, unsigned number)
{
	struct boot fresh = *(struct boot *)fields_append(&cell_shape, cell, "boots");
	size_t at = cell->boot_count - 1;

	fresh.boot = number;
	for (; at && cell->boots[at - 1].boot > number; at--)
		cell->boots[at] = cell->boots[at - 1];
	cell->boots[at] = fresh;
	return &cell->boots[at];
}

void cell_drop_boot(struct cell *cell, size_t index)
{
	fields_free(&boot_shape, &cell->boots[index]);
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
	for (size_t i = 0; i < run->machine_count; i++)
		if (!strcmp(run->machines[i].name, name))
			return &run->machines[i];
	return NULL;
}
