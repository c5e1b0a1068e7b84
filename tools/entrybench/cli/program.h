/* `run --program`: a program of the user's own on the core. */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include "run/run.h"

/*
 * Runs `file` with its arguments once on each chosen machine and variant (default: tcg and the manifest's first variant).
 * Its output goes to stdout, how it ended to stderr. The exit code of entrybench: 0 if it always ended with status 0.
 */
int program_execute(const struct run_request *request, const char *file,
		    const struct strings *arguments);

#endif
