/* The bill as a waterfall: of one variant by phase, or from the total of one variant to that of another. */
#ifndef CLI_BILL_FIGURE_H
#define CLI_BILL_FIGURE_H

#include "bill/stamped.h"
#include "cli/bill_boot.h"

/* Writes DIR/plots/waterfall-*.svg, .png and what they are drawn from. One bill, or two. 0, or -1 with error. */
int bill_draw(const struct billed *const bills[2], const char *dir, struct error *error);

/* The same of `count` bills by time stamps, 1 or 2. */
int bill_draw_stamped(const struct bill_title *titles, const struct stamped_bill *bills,
		      size_t count, const char *dir, struct error *error);

#endif
