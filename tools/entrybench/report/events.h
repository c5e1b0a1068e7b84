/* What was counted beside the ticks: core cycles, instructions, page faults, ... */
#ifndef REPORT_EVENTS_H
#define REPORT_EVENTS_H

#include <stdio.h>

#include "model/run.h"

/*
 * A table of the run's events for one crossing, median over boots, and how many there are for each cycle of the TSC.
 * Nothing where nothing was counted.
 */
void events_print(const struct run *run, FILE *out, bool color);

#endif
