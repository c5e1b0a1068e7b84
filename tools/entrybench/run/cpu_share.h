/* Which of the host's CPUs the guests of a class get. */
#ifndef RUN_CPU_SHARE_H
#define RUN_CPU_SHARE_H

#include <sched.h>

#include "run/plan.h"

struct cpu_share {
	unsigned slots; /* guests at the same time */
	int *kept;	/* the CPU of each slot; NULL: they run anywhere */
	cpu_set_t before;
};

/*
 * Deterministic guests take all CPUs. A guest on silicon gets one for itself, the best that are there, and one is
 * left for the tool and the emulators' own threads. jobs: the most guests; 0: as many as fit.
 */
void cpu_share_take(struct cpu_share *share, const struct plan *plan, enum machine_class class,
		    unsigned jobs);

/* The tool may use them again. */
void cpu_share_give_back(struct cpu_share *share);

#endif
