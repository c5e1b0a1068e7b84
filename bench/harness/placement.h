/*
 * Where the timed text runs: as it was linked, or as a copy elsewhere in its page and its cache
 * lines.
 */
#ifndef BENCH_PLACEMENT_H
#define BENCH_PLACEMENT_H

#include <stdbool.h>

#include "timed.h"

/*
 * Place 0 is the linker's. Place k lies PLACEMENT_STEP * k bytes behind the start of a page, modulo
 * the page's size: any number of them spread evenly over a page, and no two of 64 have the same
 * bytes of a cache line.
 */
enum { PLACEMENTS = 64, PLACEMENT_PAGE = 4096, PLACEMENT_STEP = 2531 };

/* All timed text runs at that place from now on. False if the kernel has no memory for the copy. */
bool placement_move(uint64_t place);

/* The window where it runs now. One that is no timed text stays where it is. */
window_fn *placement_of(window_fn *window);

#endif
