/*
 * What the core did while the crossings were timed, told without a PMU: its clock, and whether
 * another thread shared it.
 */
#ifndef BENCH_CORE_CLOCK_H
#define BENCH_CORE_CLOCK_H

#include "bench.h"

/* Times the loops of adds.h, in turn with the crossing and all else. */
void core_clock_time(struct run *run);

#endif
