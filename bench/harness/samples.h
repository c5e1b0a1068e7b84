/*
 * Where clock differences wait until they are sent: fixed memory, touched before the first reading.
 */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Readings that fit, over all series of one chunk. */
#define SAMPLES_MAX 16384

struct series {
	int64_t *values;
	size_t count;
};

/* Parts the memory into `parts` empty series of `room` values each and touches it. parts * room <=
 * SAMPLES_MAX. */
void samples_divide(struct series *series, size_t parts, size_t room);

/* Sorts a series and adds its values to the record as "value:count,...", in more records where one
 * is too short. */
void samples_send_histogram(struct series *series, void (*start)(const void *), const void *what);

/* The same for the plain values in order of time, without sorting. */
void samples_send_raw(const struct series *series, void (*start)(const void *), const void *what);

#endif
