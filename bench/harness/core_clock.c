/*
 * What the core did while the crossings were timed: see core_clock.h.
 */
#include "adds.h"
#include "core_clock.h"

void core_clock_time(struct run *run)
{
	bench_also_time(run, "dependent_adds", dependent_adds, NULL);
	bench_also_time(run, "independent_adds", independent_adds, NULL);
}
