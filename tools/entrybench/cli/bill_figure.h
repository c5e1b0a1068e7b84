/* The bill as a waterfall: of one variant by phase, or from the total of one variant to that of another. */
#ifndef CLI_BILL_FIGURE_H
#define CLI_BILL_FIGURE_H

#include "cli/bill_boot.h"

/* Writes DIR/plots/bill-*.svg, .png and what they are drawn from. One bill, or two. 0, or -1 with error. */
int bill_draw(const struct billed *const bills[2], const char *dir, struct error *error);

#endif
