/* Performance counters by libpfm4's event names: what an event is to Linux, and what it is to the hardware. */
#ifndef HOST_PMU_H
#define HOST_PMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/memory.h"

#define PMU_EVENTS_MAX 8

struct pmu_event {
	char *name;	   /* as given */
	bool software;	   /* Linux counts it by itself, no hardware is needed */
	bool user, kernel; /* where it counts */
	uint32_t type;	   /* perf_event_open(2): struct perf_event_attr */
	uint64_t config, config1, config2;
	uint64_t code; /* for the counter's select register; 0: it has none, or more than one */
};

struct pmu_events {
	struct pmu_event at[PMU_EVENTS_MAX];
	size_t count;
};

/*
 * Adds the events of a list "NAME[:MODIFIER...],..."; :u counts in ring 3 only, :k in ring 0 only, neither in both.
 * NAME is one of the CPU's or of Linux' events as libpfm4 has them; PMU::NAME says of which. -1 with error set.
 */
int pmu_parse(const char *list, struct pmu_events *events, struct error *error);
void pmu_events_free(struct pmu_events *events);

/* NULL where Linux can count core cycles here; else a phrase "no PMU on this machine: ..." that says why. */
const char *pmu_missing(void);

/* Can Linux count all of them here, at the same time? 0, or -1 with error set. */
int pmu_check(const struct pmu_events *events, struct error *error);

/*
 * The value of a benchmark's option --pmu where Linux counts: "linux:TYPE.CONFIG.CONFIG1.CONFIG2.RINGS,...", numbers in
 * hexadecimal, RINGS one of u, k, uk. Free it.
 */
char *pmu_option_linux(const struct pmu_events *events);

/*
 * What the core programs into the counters from 0 on: "CODE,..." in hexadecimal, interrupts off. NULL with error set
 * where an event has no such code. Free it.
 */
char *pmu_codes(const struct pmu_events *events, struct error *error);

#endif
