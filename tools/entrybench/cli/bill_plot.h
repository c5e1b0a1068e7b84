/*
 * The bill as a waterfall: of each variant by phase, and from the total of one to that of another.
 */
#ifndef CLI_BILL_PLOT_H
#define CLI_BILL_PLOT_H

#include "bill/census.h"
#include "bill/output.h"

/* Writes DIR/plots/waterfall-*.svg, .png and what they are drawn from. 0, or -1 with error. */
int bill_plot(const struct bill_view *view, const char *dir, struct error *error);

/* A stacked bar a variant: ring 3, entry and exit paths, and what the kernel was asked for. */
int bill_plot_programs(const struct census *censuses, size_t count, const char *dir,
		       struct error *error);

#endif
