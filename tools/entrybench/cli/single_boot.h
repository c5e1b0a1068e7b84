/* One boot of one variant with one benchmark, outside of a run. */
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

	double round_trip; /* comes back */
	char cpu[100];	   /* comes back: as the guest's CPUID names it */

	/* Called with the guest after a good boot: 0, or 1 with error. NULL: nobody cares for more than the round trip. */
	int (*use)(void *context, const struct guest *guest, struct error *error);
	void *use_context;
};

/*
 * 0; 1 with error: it failed; 77 with error: this machine cannot run it; 124 with error: it took too long; 130: the user
 * wants to stop.
 */
int single_boot(struct single_boot *single, struct error *error);

#endif
