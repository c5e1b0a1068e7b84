/*
 * The order of work: every boot of a run, and what runs in it. Round k holds the k-th boot of every
 * machine and variant, in an order of its own, so that variants are interleaved; every boot has an order
 * of benchmarks of its own. One seed gives one plan, on every host.
 */
#ifndef RUN_PLAN_H
#define RUN_PLAN_H

#include <glib.h>
#include <stdint.h>

#include "machine/machine.h"
#include "run/select.h"

/* One machine with one variant: the cases that run there. */
struct plan_pair {
	const struct machine *machine;
	const struct variant *variant;
	GArray *cases; /* size_t: indices into the selection's cases */
	unsigned boots;
};

/* What one guest is to run. */
struct plan_boot {
	const struct plan_pair *pair;
	unsigned number; /* of the boot, from 0 */
	unsigned part;	 /* 0; 1, 2, ...: the rest after a guest that died */
	GArray *cases;	 /* as above, in the order in which they run */
};

struct plan {
	GPtrArray *pairs, *boots;
};

void plan_init(struct plan *plan);
void plan_clear(struct plan *plan); /* empty, or zeroed before */

struct plan_pair *plan_add_pair(struct plan *plan, const struct machine *machine,
				const struct variant *variant);

/* The boots of all pairs. */
void plan_shuffle(struct plan *plan, uint64_t seed);

/* The boots that the run's cells lack, in the order of its seed. -1 with error: something lacks what a cell names. */
int plan_of_run(struct plan *plan, const struct run *run, const struct manifest *manifest,
		const struct selection *selection, struct error *error);

/* What is left of a boot whose guest died, at the end of the plan. */
void plan_add_rest(struct plan *plan, const struct plan_boot *boot, GArray *cases);

bool plan_has_class(const struct plan *plan, enum machine_class class);

#define SEED_FRESH UINT64_MAX /* stands for a seed that is still to be chosen */

/* A seed that was not there before, small enough for every JSON reader. */
uint64_t plan_fresh_seed(void);

#endif
