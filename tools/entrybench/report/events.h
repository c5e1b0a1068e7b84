/* What was counted beside the ticks: core cycles, instructions, page faults, ... */
#ifndef REPORT_EVENTS_H
#define REPORT_EVENTS_H

#include "model/run.h"
#include "table/table.h"

/*
 * The run's events for one crossing, median over boots, and how many there are for each cycle of
 * the TSC. No rows where nothing was counted.
 */
struct table *events_table(const struct run *run);

#endif
