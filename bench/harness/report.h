/*
 * The records of a benchmark program, in the order in which a run sends them.
 */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "bench.h"
#include "controls.h"
#include "samples.h"

void report_begin(const struct options *options);
void report_clock(struct clock_facts facts);

/* One chunk of readings, windows of n and of 2n rounds. */
void report_batch(const struct timed *timed, uint64_t n, struct series *single,
		  struct series *twice);

/*
 * The same for counts of events round the windows, where a smaller count for more rounds means
 * nothing.
 */
void report_counts(const char *of, uint64_t n, struct series *single, struct series *twice);

/* The batches before this, up to the last such record, are of one process. */
void report_stretch(uint64_t layout);

/*
 * A line for whoever sits before the machine: the benchmark and its round trip, from the minima of
 * this process.
 */
void report_say(const struct options *options);

/* Sends what was flagged on the way. */
void report_flags(void);

/* One chunk of single-shot windows. */
void report_windows(struct series *crossing, struct series *empty, bool raw);

/*
 * Sends the flags, closes the stream and ends the program: status 0, or 1 if it failed.
 */
_Noreturn void report_end(struct verdict verdict);

#endif
