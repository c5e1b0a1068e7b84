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
	double round_trip; /* comes back */
};

/* 0; 1 with error: it failed; 77 with error: this machine cannot run it; 130: the user wants to stop. */
int single_boot(struct single_boot *single, struct error *error);

#endif
