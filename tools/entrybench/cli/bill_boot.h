/* One boot with the ledger plugin, and the bill of what it measured. */
#ifndef CLI_BILL_BOOT_H
#define CLI_BILL_BOOT_H

#include "bill/output.h"
#include "machine/machine.h"

struct bench_case;

struct bill_request {
	const struct machine *machine;
	const struct variant *variant;
	const struct bench_case *bench;
	const char *plugin; /* libledger.so */
	const char *init;   /* the manifest's, for a stock kernel */
	double timeout;	    /* seconds */
};

/* Everything that a bill points into, and the bill. */
struct billed {
	struct ledger ledger;
	struct symbols kernel, program;
	struct body body;
	struct bill bill;
	struct bill_title title;  /* borrowed from the request */
	const char *image, *file; /* of kernel and program; borrowed, too */
	char *cpu;
};

/*
 * 0; 1 with error: the boot or its bill failed; 77 with error: the machine lacks what the variant needs; 124 with
 * error: it took too long; 130: the user wants to stop. Free it in each case.
 */
int bill_boot(struct billed *billed, const struct bill_request *request, struct error *error);
void billed_free(struct billed *billed);

#endif
