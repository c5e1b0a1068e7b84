/* What a bill, or two, look like: text, JSON, the data of a waterfall. Pure functions of bills. */
#ifndef BILL_OUTPUT_H
#define BILL_OUTPUT_H

#include "bill/bill.h"
#include "table/table.h"

struct bill_view {
	const struct bill *bills[2]; /* the second NULL: one bill, else their difference */
	bool quiet;		     /* only the lines */
	bool symbols;		     /* a difference also by symbol */
	bool listing;		     /* also every step in order of execution */
};

/*
 * By phase, and within a phase by symbol; of two what the second has more, net by phase; then the
 * totals.
 */
void bill_print(FILE *out, const struct bill_view *view);

/*
 * {"machine", ..., "total", "lines": [...], ...}, or {"bills": [...], "difference": {...}}
 * (docs/bill.md); a new reference.
 */
json_t *bill_json(const struct bill_view *view);

/*
 * Rows "label", "value", "kind" for plots/waterfall.gp: the phases of one bill, or functions where
 * it has no phases; or what leads from the total of the first to that of the second.
 */
void bill_put_waterfall(struct table *data, const struct bill_view *view);

/* The variant as the command line names it. Free it. */
char *bill_words(const struct bill *bill);

#endif
