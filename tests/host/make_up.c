/*
 * make_up KIND DIR: writes a made-up results folder, to look at a report without measuring
 * anything. make_up CELLS[:SHARD/SHARDS] DIR: one of so many cells.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "made_up.h"

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
		made_up_fill_cells(&run, cells, shard, shards);
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
