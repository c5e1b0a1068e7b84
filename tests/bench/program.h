/*
 * Runs a ring-3 program on the host's Linux and keeps what it said.
 */
#ifndef TESTS_PROGRAM_H
#define TESTS_PROGRAM_H

#include <stddef.h>

struct outcome {
	int status;	 /* exit status, or 128 + signal */
	char *output;	 /* standard output, NUL-terminated */
	char *error;	 /* standard error */
	size_t writes;	 /* write() calls on standard output */
	size_t odd;	 /* of them, those that were not exactly one line */
	long memory_kib; /* peak resident memory */
};

/*
 * `line` is the program's name in the build's bench folder and its arguments, parted by single
 * spaces.
 */
struct outcome program_run(const char *line);
void outcome_free(struct outcome *outcome);

#endif
