/* One boot of one variant with one program, outside of a run. */
#ifndef CLI_SINGLE_BOOT_H
#define CLI_SINGLE_BOOT_H

#include "guest/guest.h"

struct bench_case;

struct single_boot {
	const struct machine *machine;
	const struct variant *variant;
	const struct bench_case *bench;
	double timeout;	 /* seconds */
	record_fn watch; /* sees every record; NULL: nobody */
	void *watch_context;
	const struct strings *extras; /* arguments for QEMU; NULL: none */
	const char *init; /* for a stock kernel, whose symbols it then sends; NULL: none */

	/* What comes back. */
	struct guest *guest; /* ended; NULL: none */
	double round_trip;
	char cpu[100]; /* as the guest's CPUID names it */
};

/*
 * 0; 1 with error: it failed; 77 with error: this machine cannot run it; 124 with error: it took
 * too long; 130: the user wants to stop. Call single_boot_end() in each case.
 */
int single_boot(struct single_boot *single, struct error *error);
void single_boot_end(struct single_boot *single);

#endif
