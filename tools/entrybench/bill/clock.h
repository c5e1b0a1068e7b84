/*
 * Where a benchmark reads the clock: the ranges that the ledger's windows open and close in. In ring 3 that is before and
 * behind the body of the harness' loops (bench/harness/timed.h); where the program has no such loops, it is the core that
 * times copies of one instruction in ring 0 (kernel/syscall/price_code.S).
 */
#ifndef BILL_CLOCK_H
#define BILL_CLOCK_H

#include "bill/symbols.h"

struct clock_range {
	uint64_t start, end;
	bool opens; /* false: closes */
};

struct clock {
	struct clock_range *at;
	size_t count; /* 0: neither program nor kernel times anything that a bill could be of */
};

/* `kernel` may be empty. Free with clock_free(). */
void clock_find(struct clock *clock, const struct symbols *program, const struct symbols *kernel);
void clock_free(struct clock *clock);

#endif
