/*
 * Pages of anonymous memory, each of which faults at its first access: a window's rounds take one
 * each, and all are given back before it.
 */
#ifndef BENCH_FAULT_PAGES_H
#define BENCH_FAULT_PAGES_H

#include "bench.h"

/* Maps two batches' worth at *area; unsupported where the kernel lacks what this takes. */
struct verdict fault_pages_map(struct run *run, char **area);

void fault_pages_give_back(char *area, uint64_t count);

/* Each of a window's rounds does fault. */
struct verdict fault_pages_prove(struct run *run);

#endif
