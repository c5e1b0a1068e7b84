/*
 * What every program times beside its crossing: nothing, an empty loop and a function call; and the
 * clock itself.
 */
#ifndef BENCH_CONTROLS_H
#define BENCH_CONTROLS_H

#include <stdint.h>

#include "timed.h"

extern window_fn control_empty_window, control_nop_window, control_empty_loop,
    control_function_call;

struct clock_facts {
	int64_t step; /* greatest common divisor of many differences; 0: the clock stands still */
	int64_t min;  /* smallest empty window */
	uint64_t backwards; /* readings smaller than the one before */
};

struct clock_facts clock_probe(void);

#endif
