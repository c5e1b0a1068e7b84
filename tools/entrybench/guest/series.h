/* The readings of one kind that a program took: a histogram for each type, subject and batch size. */
#ifndef GUEST_SERIES_H
#define GUEST_SERIES_H

#include "stats/histogram.h"
#include "stats/round_trip.h"

#include <stddef.h>

#define SERIES_MAX 64

struct series {
	char type[8], of[32];
	uint64_t n; /* crossings in a window; 0: a single-shot window */
	struct histogram *readings;
};

/* Finds or adds one. NULL: the table is full, a name too long, or memory out. */
struct series *series_get(struct series *all, size_t *count, const char *type, const char *of,
			  uint64_t n);

/* NULL: none. */
const struct histogram *series_readings(const struct series *all, size_t count, const char *type,
					const char *of, uint64_t n);

/* The batches of n and 2n, n being the smallest of which there is the double. False: none. */
bool series_batch(const struct series *all, size_t count, const char *of, struct batch *batch);

/* D(of), from the minima; NAN: no batches. */
double series_cost(const struct series *all, size_t count, const char *of);

#endif
