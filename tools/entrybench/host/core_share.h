/* Whether other threads use a core, seen from inside: what a virtual machine cannot see of its neighbours otherwise. */
#ifndef HOST_CORE_SHARE_H
#define HOST_CORE_SHARE_H

#include <stddef.h>

struct core_share {
	double
	    adders; /* independent adds a core cycle at best: a whole number, if the core was ever one's own */
	double part; /* of the time in which there were fewer; NAN: could not look */
};

/* Independent adds against dependent ones (bench/harness/adds.h), on that CPU for so many seconds. */
void core_share_read(struct core_share *share, int cpu, double seconds);

/*
 * Looks until nobody shares that CPU's core, for at most so many seconds; how many it took. Where the adds never come to a
 * whole number it takes them all.
 */
double core_share_wait(int cpu, double seconds);

/* From core cycles of an independent add in many short looks, in any order. */
struct core_share core_share_of(const double *looks, size_t count);

#endif
