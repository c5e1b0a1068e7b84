/*
 * Where a benchmark reads the clock: the ranges that the ledger's windows open and close in. In
 * ring 3 that is before and behind the body of the harness' loops (bench/harness/timed.h); where
 * the program has no such loops, it is the core that times copies of one instruction in ring 0
 * (cost_code.S).
 */
#ifndef BILL_CLOCK_H
#define BILL_CLOCK_H

#include "bill/symbols.h"

/*
 * The plugin's arguments: ",open=START-END,close=START-END..." (docs/ledger.md), nothing where
 * neither program nor kernel times anything that a bill could be of. `kernel` may be empty. Free
 * it.
 */
char *clock_arguments(const struct symbols *program, const struct symbols *kernel);

#endif
