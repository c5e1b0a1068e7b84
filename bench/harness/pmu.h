/*
 * Performance counters round the timed windows: Linux' perf events, or those that the core
 * programmed.
 */
#ifndef BENCH_PMU_H
#define BENCH_PMU_H

#include "bench.h"

/*
 * Opens what --pmu asks for, after setup(): "linux:TYPE.CONFIG.CONFIG1.CONFIG2.RINGS,..."
 * (hexadecimal; RINGS u, k or uk) or "core:COUNT", counters 0 to COUNT - 1. Empty: nothing.
 * OUTCOME_FAILED where an event cannot be counted.
 */
struct verdict pmu_open(const char *what);

/*
 * For each event, counts of windows with n and 2n rounds, as `batch` records of "eventK" (the
 * crossing) and "eventK.bare". OUTCOME_FAILED where an event shared its counter with another, so
 * that it did not count all the time.
 */
struct verdict pmu_take(struct run *run);

#endif
