/*
 * The arguments of a benchmark program (docs/architecture.md).
 */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum { STRETCHES_MAX = 1000 };

/* Each stretch has another place, the last one the linker's. */
#define LAYOUT_EACH UINT64_MAX

struct options {
	const char *param; /* empty if the benchmark has none */
	uint64_t value;	   /* of the parameter */
	uint64_t stream;
	uint64_t batch;
	uint64_t repeats;
	uint64_t windows;
	uint64_t warmup;
	uint64_t stretches; /* parts of the batches, each in a process of its own */
	uint64_t layout;    /* place of the timed text (placement.h), or LAYOUT_EACH */
	bool raw;
	bool say;	 /* the figure in words as well */
	bool core_clock; /* also time what core_clock.h has */
	const char *pmu; /* what to count, as pmu.h has it; empty: nothing */
};

struct benchmark;

/* Fills *options from argv; bad arguments: one line on standard error, then exit status 2. */
void options_read(struct options *options, const struct benchmark *bench, int argc, char **argv);

#endif
