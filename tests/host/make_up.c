/*
 * make_up KIND DIR: writes a made-up results folder, to look at a report without measuring
 * anything.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "made_up.h"

int main(int argc, char **argv)
{
	struct error error;
	struct run run;
	int status = 0;

	for (int kind = 0; argc == 3 && kind < MADE_UP_COUNT; kind++) {
		if (strcmp(argv[1], made_up_names[kind]))
			continue;
		mkdir(argv[2], 0777);
		made_up_fill(&run, (enum made_up)kind, argv[2]);
		if (run_save(&run, argv[2], &error)) {
			fprintf(stderr, "make_up: %s\n", error.text);
			status = 1;
		}
		run_free(&run);
		return status;
	}
	fprintf(stderr, "usage: make_up KIND DIR, KIND one of:");
	for (int kind = 0; kind < MADE_UP_COUNT; kind++)
		fprintf(stderr, " %s", made_up_names[kind]);
	fprintf(stderr, "\n");
	return 2;
}
