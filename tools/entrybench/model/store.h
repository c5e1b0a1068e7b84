/* The results folder: made once, filled as boots end, never with half a file. */
#ifndef MODEL_STORE_H
#define MODEL_STORE_H

#include "model/run.h"
#include "stats/histogram.h"

#define STORE_LOGS    "logs"
#define STORE_SAMPLES "samples"

/* A path under results/ that says when, and is not there yet. Free it. */
char *store_default_dir(void);

/*
 * Makes the folder and those in it. -1 with error set: it cannot be written, or holds a run already.
 */
int store_create(const char *dir, struct error *error);

/* Makes what is missing in the folder of an earlier run, and removes what was never finished. */
int store_reopen(const char *dir, struct error *error);

/* Writes the histogram of a boot's windows, lines "value,count", and its path into the boot. */
int store_samples(const char *dir, const struct cell *cell, struct boot *boot,
		  const struct histogram *windows, struct error *error);

/* Now as ISO 8601 in UTC, into a string of the run. */
void store_time(char **string);

#endif
