/*
 * Which boots had the core to themselves. Independent adds, timed in turn with the crossings, take as many core cycles as
 * the core has adders for; a thread beside them that takes some of these makes them slower (docs/method.md).
 */
#ifndef MODEL_SHARING_H
#define MODEL_SHARING_H

#include "model/run.h"

/* A boot with a larger `shared` was not alone. What the clock's steps make of a boot alone is about a quarter of it. */
#define SHARING_TOLERANCE 0.02

/* The quantile of the machine's boots that stands for a core of one's own; a boot below it is off by the clock's steps. */
#define SHARING_CALMEST 0.05

/*
 * Adds of a core cycle in the machine's calmest boots: its number of adders, which is whole, if these had the core to
 * themselves. NAN where they were not timed.
 */
double sharing_adders(const struct run *run, const char *machine);

/* False: that is no whole number, so another thread must have had its part all the time. NAN says nothing: true. */
bool sharing_adders_are_whole(double adders);

/*
 * Fills `shared` of all boots: by what part of themselves independent adds took more core cycles than in the machine's
 * calmest boots. NAN where they were not timed.
 */
void sharing_fill(struct run *run);

#endif
