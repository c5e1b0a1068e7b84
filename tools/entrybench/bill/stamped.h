/*
 * The bill of a stamped image: phases between time stamps, what the stamps themselves cost taken
 * off (docs/records.md).
 */
#ifndef BILL_STAMPED_H
#define BILL_STAMPED_H

#include "bill/bill.h"

/* From one stamp to the next: the smallest reading of one boot, ticks. Names are interned. */
struct stamped_pair {
	const char *from, *to;
	int64_t ticks;
};

/* Keeps the smaller of the readings of one pair. */
void stamped_take(GArray *pairs, const char *from, const char *to, int64_t ticks);

/* What one boot of each image gave. */
struct stamped_boot {
	GArray *pairs; /* struct stamped_pair */
	double total;  /* the round trip of the bare image */
};

/*
 * Lines and sums of one bill from these boots: of each line, and of the total, the median. NULL, or
 * what the pairs lack: the probe's three, a way from "enter" to "leave", the same phases in every
 * boot.
 */
const char *bill_of_stamps(struct bill *bill, const struct stamped_boot *boots, size_t count);

#endif
