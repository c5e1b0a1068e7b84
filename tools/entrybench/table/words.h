/* What a table says in words: deltas, machines, caveats. */
#ifndef TABLE_WORDS_H
#define TABLE_WORDS_H

#include <stdbool.h>
#include <stdio.h>

#include "model/run.h"
#include "model/row.h"

/* Command, tool, time, seed and host of the run. Free with strings_free(). */
struct strings table_run_lines(const struct run *run);

/* Lines under the numbers of one machine that say what they are and are not. Free with strings_free(). */
struct strings table_caveats(const struct run *run, const struct rows *rows, const char *machine);

/* "vs NAME", or "vs reference" where the machine's cells have several. Free it. */
char *table_delta_title(const struct rows *rows, const char *machine);

/* "kvm: reason" for each machine that was not available. Free with strings_free(). */
struct strings table_unavailable(const struct run *run);

/* "tcg: deterministic, round trips in instructions; CPU ...; PROGRAM". Free it. */
char *table_machine_line(const struct run *run, const struct row *row);

/* A row's texts, in the order of the table's columns. Free each. */
struct row_texts {
	char *estimate, *interval, *core, *ns, *p50, *p99, *max, *delta;
};
struct row_texts table_texts(const struct row *row);
void table_texts_free(struct row_texts *texts);

#endif
