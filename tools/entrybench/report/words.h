/* What a report says in words. */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "model/row.h"
#include "table/table.h"

/* Command, tool, time, seed and host of the run. Free with strings_free(). */
struct strings words_run(const struct run *run);

/*
 * "SYSRET against IRET on CPU: ..." from the cells sigreturn_exit:iret-* of a silicon machine whose
 * difference was shown, with its interval, and the published figure; NULL where there are none.
 * Free it.
 */
char *words_headline(const struct run *run, const struct rows *rows);

/* "tcg: deterministic, round trips in instructions; CPU ...; PROGRAM". Free it. */
char *words_machine(const struct run *run, const struct cell *cell);

/* "kvm: reason" for each machine that was not available. Free with strings_free(). */
struct strings words_unavailable(const struct run *run);

/* Adds notes to the table of a machine that say what its numbers are and are not. */
void words_add_caveats(struct table *table, const struct run *run, const struct rows *rows,
		       const char *machine);

#endif
