/*
 * make_up KIND DIR: writes a made-up results folder, to look at a report without measuring
 * anything. make_up CELLS[:SHARD/SHARDS] DIR: one of so many cells.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "made_up.h"

static void add_boots(struct cell *cell, double cost)
{
	for (unsigned i = 0; i < 2; i++) {
		struct boot *boot = cell_add_boot(cell, i);
		int64_t window = (int64_t)cost + 5;

		boot->round_trip = boot->round_trip_p10 = cost;
		boot->controls = (struct controls){5, 2, 2, 0, 3};
		boot->clock = (struct clock_facts){1, 5, 0};
		boot->window =
		    (struct quantiles){40, window, window, window, window, window, window};
		run_set(&boot->log, "logs/made-up.log");
	}
}

/* A hundred benchmarks by variants of four features. */
static void add_cell(struct run *run, unsigned number, bool measured)
{
	unsigned variant = number / 100, depth = number % 100 * 64;
	g_autofree char *pad = g_strdup_printf("%u", variant / 12);
	g_autofree char *name = g_strdup_printf("variant-%u", variant);
	g_autofree char *bench = g_strdup_printf("deep_syscall:%u", depth);
	struct cell *cell = run_add_cell(run, "tcg", name, depth ? bench : "null_syscall");

	cell->class = CLASS_DETERMINISTIC;
	cell->number = number;
	cell->boots_wanted = 2;
	pairs_add(&cell->features, "exit", variant % 2 ? "sysret" : "iret");
	pairs_add(&cell->features, "kpti", variant / 2 % 3 ? "on" : "off");
	pairs_add(&cell->features, "erase", variant / 6 % 2 ? "on" : "off");
	pairs_add(&cell->features, "pad", variant < 12 ? "off" : pad);
	cell->status = measured ? STATUS_OK : STATUS_SKIPPED;
	run_set(&cell->reason, measured ? "" : "in another shard of this run");
	if (measured)
		add_boots(cell, 80 + variant % 12 + depth / 2);
}

/* The first of several shards lists all cells. */
static void fill_cells(struct run *run, unsigned cells, unsigned shard, unsigned shards)
{
	made_up_fill(run, MADE_UP_SINGLE, NULL);
	run_set(&run->reference, "");
	if (shards)
		run_take(&run->options.shard, g_strdup_printf("%u/%u", shard, shards));
	fields_clear(cell_shape(), &run->cells);
	run_index_anew(run);
	for (unsigned i = 0; i < cells; i++)
		if (shard < 2 || i % shards == shard - 1)
			add_cell(run, i, !shards || i % shards == shard - 1);
	summary_fill(run);
}

static int save(struct run *run, const char *dir)
{
	struct error error;
	int failed = run_save(run, dir, &error);

	if (failed)
		fprintf(stderr, "make_up: %s\n", error.text);
	run_free(run);
	return failed ? 1 : 0;
}

int main(int argc, char **argv)
{
	unsigned cells, shard = 0, shards = 0;
	struct run run;

	if (argc == 3 && sscanf(argv[1], "%u:%u/%u", &cells, &shard, &shards) > 0) {
		mkdir(argv[2], 0777);
		fill_cells(&run, cells, shard, shards);
		return save(&run, argv[2]);
	}
	for (int kind = 0; argc == 3 && kind < MADE_UP_COUNT; kind++) {
		if (strcmp(argv[1], made_up_names[kind]))
			continue;
		mkdir(argv[2], 0777);
		made_up_fill(&run, (enum made_up)kind, argv[2]);
		return save(&run, argv[2]);
	}
	fprintf(stderr, "usage: make_up KIND DIR, KIND one of:");
	for (int kind = 0; kind < MADE_UP_COUNT; kind++)
		fprintf(stderr, " %s", made_up_names[kind]);
	fprintf(stderr, "\n");
	return 2;
}
