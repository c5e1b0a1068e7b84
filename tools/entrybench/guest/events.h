/* From the batches of counted events to counts of a crossing. */
#ifndef GUEST_EVENTS_H
#define GUEST_EVENTS_H

#include "model/run.h"
#include "host/pmu.h"

/*
 * Moves what a program counted, the loops "eventK" and "eventK.bare", to the boot's counts by the events' names: the
 * difference of the two, for one crossing, as the round trip is for ticks.
 */
void events_fill(struct boot *boot, const struct pmu_events *events);

#endif
