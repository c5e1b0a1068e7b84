/*
 * Levels: a process can lie on one of a few distinct costs and stay there (docs/method.md, "Levels"). Replicates are then no
 * draws from one distribution, and no figure between two levels was ever measured.
 */
#ifndef STATS_LEVELS_H
#define STATS_LEVELS_H

#include "stats/sample.h"

#define LEVELS_MAX 3

/* A gap between levels is at least this part of the lowest value (the second where there are fewer than LEVELS_FEW), */
#define LEVELS_APART	 0.02
#define LEVELS_APART_FEW 0.10
#define LEVELS_FEW	 6

/* and this many times the width of the densest third of all values. */
#define LEVELS_CLEAR 10

/* Fewer replicates than this part, or than two, are outliers of the level below them. */
#define LEVELS_SHARE 0.2

struct level {
	double estimate;  /* sample_middle() of its replicates */
	double low, high; /* the least and the largest of them */
	size_t n;
};

struct levels {
	struct level at[LEVELS_MAX]; /* ascending */
	size_t count;
};

/*
 * Each replicate belongs to one level; outliers count to a neighbour, so that none is dropped. count is 0 only where n is.
 *
 * The criterion is a gap: sorted values are parted where a gap exceeds LEVELS_APART, LEVELS_CLEAR and the
 * resolution. The
 * densest third lies within one level as long as there are at most three of equal share.
 */
void levels_find(struct sample sample, struct levels *levels);

#endif
