/*
 * Two loops of EB_ADDS adds a round (entrybench/record.h).
 *
 *	dependent_adds		each add waits for the one before: one core cycle each on every
 *				x86-64 CPU, whoever else uses the core. Ticks of the TSC for a core
 *				cycle.
 *	independent_adds	as many a cycle as the core has adders. Slower where another thread
 *				shares the core.
 *
 * Adds of registers: cores since Golden Cove fold adds of small constants into renaming, at no
 * cycle each.
 */
#ifndef BENCH_ADDS_H
#define BENCH_ADDS_H

#include "timed.h"

extern window_fn dependent_adds, independent_adds;

#endif
