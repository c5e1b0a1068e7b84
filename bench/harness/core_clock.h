/*
 * Two loops that tell, without a PMU, what the core did while the crossings were timed:
 *
 *	dependent_adds		each add waits for the one before: one core cycle each on every x86-64 CPU, whoever else
 *				uses the core. Ticks of the TSC for a core cycle.
 *	independent_adds	as many as the core has adders for in a cycle. Slower where another thread shares the core.
 *
 * Adds of registers: renamers since Golden Cove take adds of small constants away, at no cycle each.
 */
#ifndef BENCH_CORE_CLOCK_H
#define BENCH_CORE_CLOCK_H

#include "bench.h"

/* Times both, in turn with the crossing and all else. */
void core_clock_time(struct run *run);

#endif
