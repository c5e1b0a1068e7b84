/*
 * Boots what a bill is made of: a guest under the ledger plugin, or the stamped and the bare image
 * of a variant in turn.
 */
#ifndef CLI_BILL_BOOT_H
#define CLI_BILL_BOOT_H

#include "bill/bill.h"
#include "machine/machine.h"

struct bench_case;

struct bill_request {
	const struct machine *machine;
	const struct variant *variant;
	const struct bench_case *bench;
	const struct bench_case
	    *stamped;	    /* the one that reads the time stamps; NULL: by the ledger */
	unsigned boots;	    /* of each image, by time stamps */
	const char *plugin; /* libledger.so */
	const char *init;   /* the manifest's, for a stock kernel */
	double timeout;	    /* seconds */
};

/*
 * 0; 1 with error: a boot failed, or on a deterministic machine the lines do not sum to the round
 * trip; 77 with error: the machine lacks what the variant needs; 124 with error: it took too long;
 * 130: the user wants to stop. Call bill_free() in each case.
 */
int bill_boot(struct bill *bill, const struct bill_request *request, struct error *error);

/* "PLUGIN,out=FILE" and further arguments, as QEMU takes them. Free it. */
char *bill_plugin_words(const char *plugin, const char *file, const char *arguments);

/* Its two ways. */
int bill_boot_ledger(struct bill *bill, const struct bill_request *request, struct error *error);
int bill_boot_stamped(struct bill *bill, const struct bill_request *request, struct error *error);

#endif
