/*
 * The order of work: every boot of a run, and what runs in it. Round k holds the k-th boot of every
 * machine and variant, in an order of its own, so that variants are interleaved; every boot has an order
 * of benchmarks of its own. One seed gives one plan, on every host.
 */
#ifndef RUN_PLAN_H
#define RUN_PLAN_H

#include <stdint.h>

#include "run/select.h"

/* One machine with one variant: the cases that run there. */
struct plan_pair {
	const void *machine; /* the caller's */
	const struct variant *variant;
	const size_t *cases; /* the caller's numbers; not owned */
	size_t case_count;
	unsigned boots;
};

struct plan_boot {
	size_t pair;
	unsigned number; /* of the boot, from 0 */
	size_t *cases;	 /* in the order in which they run */
	size_t case_count;
};

struct plan {
	struct plan_boot *boots;
	size_t boot_count;
};

void plan_make(struct plan *plan, const struct plan_pair *pairs, size_t pair_count, uint64_t seed);
void plan_free(struct plan *plan);

#define SEED_FRESH UINT64_MAX /* stands for a seed that is still to be chosen */

/* A seed that was not there before, small enough for every JSON reader. */
uint64_t plan_fresh_seed(void);

#endif
