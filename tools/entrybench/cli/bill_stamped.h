/* Boots a variant's stamped and bare image in turn, and the bill of the time stamps. */
#ifndef CLI_BILL_STAMPED_H
#define CLI_BILL_STAMPED_H

#include "bill/stamped.h"
#include "machine/machine.h"

struct bench_case;

struct stamped_request {
	const struct machine *machine;
	const struct variant *variant;
	const struct bench_case *stamped; /* the benchmark that reads the stamps */
	const struct bench_case *bare;	  /* what it does, for the total */
	unsigned boots;			  /* of each image */
	double timeout;			  /* seconds */
};

/*
 * 0; 1 with error: a boot failed, or on a deterministic machine something stayed unexplained; 77 with error: the machine
 * lacks what the variant needs; 124 with error: it took too long; 130: the user wants to stop.
 */
int bill_stamped(struct stamped_bill *bill, const struct stamped_request *request,
		 struct error *error);

#endif
