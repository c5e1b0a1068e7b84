/* The command `run` without its command line. */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include "run/session.h"

#define EXIT_NOTHING	 77
#define EXIT_TIMEOUT	 124
#define EXIT_INTERRUPTED 130

/*
 * Does what is asked for, from the choice of machines to the table. Messages go to stderr, table and plan
 * to stdout. The exit code.
 */
int run_execute(const struct run_request *request);

/* The exit code that the cells of a run deserve. */
int run_exit_code(const struct run *run);

#endif
