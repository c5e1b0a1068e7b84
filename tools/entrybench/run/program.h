/* `run --program`: a program of the user's in place of the benchmarks. docs/programs.md says which can run. */
#ifndef RUN_PROGRAM_H
#define RUN_PROGRAM_H

#include "run/session.h"

/*
 * Puts a program, FILE and its arguments, into the manifest and makes it all that is selected. Nothing changes where there
 * are no words. 0, or -1 with error.
 */
int program_add(struct manifest *manifest, const struct strings *words, struct error *error);

/* Opens what the guest's programs print, where the run has a program of the user's. */
void program_listen(const struct session *session, struct guest *guest);

/* Prints what was heard of a boot that is over, unless that has been done already. */
void program_show(const struct session *session, struct guest *guest);

/* A line on stderr for each cell: how the program ended in it. */
void program_say_ends(const struct session *session);

/* What a program prints goes straight to stdout: the run has a single boot. */
bool program_speaks_at_once(const struct session *session);

#endif
