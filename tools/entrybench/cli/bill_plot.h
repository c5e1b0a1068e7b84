/*
 * The bill as a waterfall: of each variant by phase, and from the total of one to that of another.
 */
#ifndef CLI_BILL_PLOT_H
#define CLI_BILL_PLOT_H

#include "bill/output.h"

/* Writes DIR/plots/waterfall-*.svg, .png and what they are drawn from. 0, or -1 with error. */
int bill_plot(const struct bill_view *view, const char *dir, struct error *error);

#endif
