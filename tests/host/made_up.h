/*
 * Made-up runs, for tests of the report only: no number in them was measured, and their host's name
 * says so.
 */
#ifndef TESTS_MADE_UP_H
#define TESTS_MADE_UP_H

#include <stddef.h>

#include "model/model.h"

enum made_up {
	MADE_UP_DEFAULT, /* tcg and bochs, thirteen variants, sweeps, PCID skipped on tcg */
	/* kvm, ten boots, the same variants, a failed, a timed-out and an unstable cell */
	MADE_UP_SILICON,
	MADE_UP_NATIVE,	 /* one variant, a pair of cases with a reference case of its own */
	MADE_UP_SINGLE,	 /* one cell, one boot */
	MADE_UP_MANY,	 /* thirty variants with further features and long names, one boot */
	MADE_UP_NOTHING, /* every cell skipped */
	MADE_UP_COUNT,
};

extern const char *const made_up_names[MADE_UP_COUNT];

/*
 * Fills *run, summaries included; writes the samples into DIR/samples where dir is not NULL. The
 * same kind is the same run every time.
 */
void made_up_fill(struct run *run, enum made_up kind, const char *dir);

#endif
