/* What the command `bill` prints and writes once the bills are made. */
#ifndef CLI_BILL_PRINT_H
#define CLI_BILL_PRINT_H

#include "cli/bill_boot.h"
#include "cli/bill_stamped.h"
#include "base/memory.h"

struct bill_options {
	const char *bench, *folded, *plot, *manifest;
	struct strings kernels, lines; /* of machine linux */
	const struct machine *machine; /* of --stamped */
	uint64_t boots;
	bool json, listing, stamped, quiet, verbose;
	double timeout; /* 0: the machine's */
};

/* One bill, or two with NULL behind one. Returns the exit code. */
int bill_put_out(const struct bill_options *options, const struct billed *const bills[2]);

/* The same by time stamps, 1 or 2. */
int bill_put_out_stamped(const struct bill_options *options, const struct stamped_request *requests,
			 const struct stamped_bill *bills, size_t count);

#endif
