/* Life of a run in memory, and the ways to find things in it. */
#include "model/run.h"
#include "model/flags.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct interval nothing = {NAN, NAN, NAN};

void run_set(char **string, const char *text)
{
	char *copy = memory_copy(text);

	free(*string);
	*string = copy;
}

/* Every string starts as "", so that nobody has to ask. */
static void empty_strings(char **const *strings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		*strings[i] = memory_copy("");
}

static void free_strings(char **const *strings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(*strings[i]);
}

#define RUN_STRINGS(run)                                                                           \
	{                                                                                          \
		&(run)->version, &(run)->git, &(run)->started, &(run)->finished,                   \
		    &(run)->reference, &(run)->host.cpu, &(run)->host.microcode,                   \
		    &(run)->host.kernel, &(run)->host.governor, &(run)->host.smt                   \
	}
#define MACHINE_STRINGS(m)                                                                         \
	{                                                                                          \
		&(m)->name, &(m)->reason, &(m)->cpu, &(m)->features, &(m)->program                 \
	}
#define CELL_STRINGS(c)                                                                            \
	{                                                                                          \
		&(c)->machine, &(c)->variant, &(c)->bench, &(c)->reference_case, &(c)->reason,     \
		    &(c)->summary.verdict                                                          \
	}
#define BOOT_STRINGS(b)                                                                            \
	{                                                                                          \
		&(b)->reason, &(b)->signal, &(b)->log, &(b)->samples                               \
	}
#define FOR_STRINGS(action, list)                                                                  \
	do {                                                                                       \
		char **const all[] = list;                                                         \
		action(all, sizeof(all) / sizeof(all[0]));                                         \
	} while (0)

void run_init(struct run *run)
{
	*run = (struct run){.host.tsc_hz = NAN};
	FOR_STRINGS(empty_strings, RUN_STRINGS(run));
}

static void boot_clear(struct boot *boot)
{
	FOR_STRINGS(free_strings, BOOT_STRINGS(boot));
	costs_free(&boot->loops);
	pairs_free(&boot->counts);
	flags_free(&boot->flags);
}

static void cell_free(struct cell *cell)
{
	FOR_STRINGS(free_strings, CELL_STRINGS(cell));
	pairs_free(&cell->features);
	flags_free(&cell->flags);
	for (size_t i = 0; i < cell->boot_count; i++)
		boot_clear(&cell->boots[i]);
	free(cell->boots);
}

void run_free(struct run *run)
{
	for (size_t i = 0; i < run->cell_count; i++)
		cell_free(&run->cells[i]);
	for (size_t i = 0; i < run->machine_count; i++)
		FOR_STRINGS(free_strings, MACHINE_STRINGS(&run->machines[i]));
	free(run->cells);
	free(run->machines);
	pairs_free(&run->host.mitigations);
	strings_free(&run->command);
	strings_free(&run->options.machines);
	strings_free(&run->options.variants);
	strings_free(&run->options.benches);
	strings_free(&run->options.qemu_args);
	strings_free(&run->options.events);
	strings_free(&run->options.kernels);
	strings_free(&run->options.lines);
	strings_free(&run->options.program);
	FOR_STRINGS(free_strings, RUN_STRINGS(run));
	*run = (struct run){0};
}

struct cell *run_add_cell(struct run *run, const char *machine, const char *variant,
			  const char *bench)
{
	struct cell *cell;

	run->cells = memory_grow(run->cells, run->cell_count, sizeof(*run->cells));
	cell = &run->cells[run->cell_count++];
	FOR_STRINGS(empty_strings, CELL_STRINGS(cell));
	run_set(&cell->machine, machine);
	run_set(&cell->variant, variant);
	run_set(&cell->bench, bench);
	cell->safe = true;
	cell->summary.round_trip = nothing;
	cell->summary.vs_reference = nothing;
	cell->summary.core_cycles = nothing;
	cell->summary.p_value = NAN;
	return cell;
}

struct run_machine *run_add_machine(struct run *run, const char *name)
{
	struct run_machine *machine;

	run->machines = memory_grow(run->machines, run->machine_count, sizeof(*run->machines));
	machine = &run->machines[run->machine_count++];
	FOR_STRINGS(empty_strings, MACHINE_STRINGS(machine));
	run_set(&machine->name, name);
	return machine;
}

struct boot *cell_add_boot(struct cell *cell, unsigned number)
{
	struct boot *boot;
	size_t at = cell->boot_count;

	cell->boots = memory_grow(cell->boots, cell->boot_count++, sizeof(*cell->boots));
	while (at && cell->boots[at - 1].boot > number) {
		cell->boots[at] = cell->boots[at - 1];
		at--;
	}
	boot = &cell->boots[at];
	*boot = (struct boot){
	    .boot = number,
	    .round_trip = NAN,
	    .round_trip_p10 = NAN,
	    .over_reference = NAN,
	    .core_cycles = NAN,
	    .shared = NAN,
	    .exit_status = NAN,
	};
	boot->controls = (struct controls){NAN, NAN, NAN, NAN, NAN};
	boot->clock = (struct clock_facts){.step = NAN, .min = NAN};
	FOR_STRINGS(empty_strings, BOOT_STRINGS(boot));
	return boot;
}

void cell_drop_boot(struct cell *cell, size_t index)
{
	boot_clear(&cell->boots[index]);
	cell->boot_count--;
	for (size_t i = index; i < cell->boot_count; i++)
		cell->boots[i] = cell->boots[i + 1];
}

struct cell *run_find_cell(const struct run *run, const char *machine, const char *variant,
			   const char *bench)
{
	for (size_t i = 0; i < run->cell_count; i++) {
		struct cell *cell = &run->cells[i];

		if (!strcmp(cell->bench, bench) && !strcmp(cell->variant, variant) &&
		    !strcmp(cell->machine, machine))
			return cell;
	}
	return NULL;
}

const struct run_machine *run_find_machine(const struct run *run, const char *name)
{
	for (size_t i = 0; i < run->machine_count; i++)
		if (!strcmp(run->machines[i].name, name))
			return &run->machines[i];
	return NULL;
}

const struct cell *run_reference_of(const struct run *run, const struct cell *cell)
{
	if (cell->reference_case[0])
		return run_find_cell(run, cell->machine, cell->variant, cell->reference_case);
	return run_find_cell(run, cell->machine, run->reference, cell->bench);
}
