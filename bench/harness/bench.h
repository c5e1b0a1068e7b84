/*
 * What a benchmark file includes: it describes itself in one `const struct benchmark benchmark` and
 * the harness does the rest (docs/adding-a-benchmark.md).
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options.h"
#include "sys.h"
#include "timed.h"

enum outcome { OUTCOME_OK, OUTCOME_UNSUPPORTED, OUTCOME_FAILED };

struct verdict {
	enum outcome outcome;
	const char *reason; /* empty with OUTCOME_OK */
};

/* What setup() and check() return. `text` must last; a `number` follows it after a space. */
struct verdict bench_ok(void);
struct verdict bench_unsupported(const char *text);
struct verdict bench_failed(const char *text);
struct verdict bench_failed_with(const char *text, int64_t number);

/* Is that what getppid returns here? For the many benchmarks that cross by it. */
struct verdict bench_judge_getppid(uint64_t result);

/* One line of `batch` records: windows of n and 2n rounds. */
struct timed {
	const char *of;
	window_fn *window;
	void *context;
};

enum { TIMED_MAX = 12 };

struct run {
	const struct options *options;
	const struct loops *loops;
	void *context; /* RBX in the timed text */
	struct timed timed[TIMED_MAX];
	size_t timed_count;
};

/* Times one more loop, interleaved with the others. From setup(). */
void bench_also_time(struct run *run, const char *of, window_fn *window, void *context);

/* Sends a `flag` record when the stream closes: something that a reader of the figures must know.
 * `text` must last. */
void bench_flag(const char *name, uint64_t count, const char *text);

/* A row of a parameter table. */
struct bench_param {
	const char *text;
	const struct loops *loops; /* if it is timed with loops of its own */
	uint64_t value;		   /* becomes options->value */
};

struct benchmark {
	const char *name;
	const struct loops *loops;

	/* Parameter: a closed table, or a number in a range, or none. */
	const struct bench_param *params;
	size_t param_count;
	uint64_t param_min, param_max;

	/* Its crossing is no SYSCALL, and enters the kernel also where that returns at once. */
	bool own_entry;

	/* Makes the context ready; says whether this kernel can run it. May be NULL. */
	struct verdict (*setup)(struct run *run);

	/* Called before every window of that many rounds, outside of the time taken. May be NULL.
	 */
	void (*before)(struct run *run, uint64_t rounds);

	/* Judges RAX of a crossing: before the first window and after the last. */
	struct verdict (*check)(struct run *run, uint64_t result);
};

extern const struct benchmark benchmark;

#endif
