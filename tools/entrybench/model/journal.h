/*
 * The results of a run that is still going. DIR/run.json stands there from the start, valid and without results;
 * DIR/run.journal gets a line for each boot of a cell as it ends, so what a run writes grows with its boots and no faster.
 * run_load() reads both. At the end run.json is written whole and the journal goes.
 */
#ifndef MODEL_JOURNAL_H
#define MODEL_JOURNAL_H

#include <stdio.h>

#include "model/run.h"

#define JOURNAL_FILE "run.journal"

struct journal {
	FILE *file; /* NULL: closed */
	char *path;
};

/* Writes run.json as the run is now, and starts an empty journal. 0, or -1 with error. */
int journal_open(struct journal *journal, const struct run *run, const char *dir,
		 struct error *error);

/* Writes what the cell is, and those of its boots that are not saved yet. 0, or -1 with error. */
int journal_add(struct journal *journal, struct run *run, struct cell *cell, struct error *error);

/* Writes run.json whole and removes the journal. 0, or -1 with error: the journal stays then. */
int journal_close(struct journal *journal, const struct run *run, const char *dir,
		  struct error *error);

/* Leaves the journal as it is. One that was never opened does no harm here. */
void journal_free(struct journal *journal);

/* Takes what DIR's journal holds into the run; a last line that was cut short is left out. 0, or -1 with error. */
int journal_replay(struct run *run, const char *dir, struct error *error);

#endif
