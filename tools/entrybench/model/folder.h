/* A results folder: its files while the run is going, and when it has ended. */
#ifndef MODEL_FOLDER_H
#define MODEL_FOLDER_H

#include "model/model.h"

/*
 * The results of a run that is still going. DIR/run.json stands there from the start, valid and
 * without results; DIR/run.journal gets a line for each boot of a cell as it ends, so what a run
 * writes grows with its boots and no faster. run_load() reads both. At the end run.json is written
 * whole and the journal goes.
 */
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

/* Takes DIR's journal into the run, but for a last line cut short. 0, or -1 with error. */
int journal_replay(struct run *run, const char *dir, struct error *error);

/* The results folder: made once, filled as boots end, never with half a file. */
#define STORE_LOGS    "logs"
#define STORE_SAMPLES "samples"

/* A path under results/ that says when, and is not there yet. Free it. */
char *store_default_dir(void);

/* Makes the folder and those in it. -1 with error: not writable, or it holds a run already. */
int store_create(const char *dir, struct error *error);

/* Makes what is missing in the folder of an earlier run, and removes what was never finished. */
int store_reopen(const char *dir, struct error *error);

/* Writes the histogram of a boot's windows, lines "value,count", and its path into the boot. */
int store_samples(const char *dir, const struct cell *cell, struct boot *boot,
		  const struct histogram *windows, struct error *error);

/* Now as ISO 8601 in UTC, into a string of the run. */
void store_time(char **string);

#endif
