/*
 * A/A comparisons: `aa BOOTS DIR...` takes the boots of each cell in turn into samples A and B of
 * so many boots each, which differ in nothing, judges them as any two cells, and prints
 * "COMPARISONS CALLED".
 */
#include <stdio.h>
#include <stdlib.h>

#include "model/model.h"

struct tally {
	unsigned comparisons, called;
};

static void copy_boot(struct cell *cell, unsigned number, const struct boot *from)
{
	struct boot *boot = cell_add_boot(cell, number);

	boot->status = from->status;
	boot->round_trip = from->round_trip;
	boot->shared = from->shared;
	for (size_t i = 0; i < from->flags.count; i++)
		flags_add(&boot->flags, from->flags.at[i].name, 1, "");
}

static void compare(const struct boot *boots, unsigned each, struct tally *tally)
{
	struct run run;
	struct difference found;

	run_init(&run);
	run_add_cell(&run, "native", "a", "");
	run_add_cell(&run, "native", "b", "");
	for (unsigned i = 0; i < 2 * each; i++)
		copy_boot(&run.cells[i % 2], i / 2, &boots[i]);
	run.cells[0].class = run.cells[1].class = CLASS_SILICON;
	found = summary_difference(&run.cells[0], &run.cells[1]);
	tally->comparisons++;
	tally->called += found.change == CHANGE_LESS || found.change == CHANGE_MORE;
	run_free(&run);
}

int main(int argc, char **argv)
{
	unsigned each = argc > 2 ? (unsigned)atoi(argv[1]) : 0;
	struct tally tally = {0, 0};

	if (!each) {
		fprintf(stderr, "usage: aa BOOTS DIR...\n");
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		struct error error;
		struct run run;

		if (run_load(&run, argv[i], &error)) {
			fprintf(stderr, "aa: %s\n", error.text);
			return 1;
		}
		for (size_t c = 0; c < run.cell_count; c++)
			for (size_t b = 0; b + 2 * each <= run.cells[c].boot_count; b += 2 * each)
				compare(&run.cells[c].boots[b], each, &tally);
		run_free(&run);
	}
	printf("%u %u\n", tally.comparisons, tally.called);
	return 0;
}
