/*
 * Finds out whether a crossing works at all here, where the only answer of a kernel without it is a
 * signal.
 */
#ifndef BENCH_PROBE_H
#define BENCH_PROBE_H

#include "timed.h"

enum probe { PROBE_WORKS, PROBE_FAULTS, PROBE_UNKNOWN };

/*
 * One round of the window. PROBE_UNKNOWN where the kernel has no signal handlers: nothing was tried
 * then.
 */
enum probe probe_window(window_fn *window, void *context);

#endif
