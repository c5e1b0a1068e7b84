/* Runs guests side by side: one loop over their consoles, their ends, their deadlines and signals. */
#ifndef GUEST_EXECUTOR_H
#define GUEST_EXECUTOR_H

#include "guest/guest.h"

struct executor {
	unsigned slots; /* guests at the same time */
	void *context;

	/*
	 * A started guest for the slot; NULL: nothing to start now. It is asked again when a slot is
	 * free and nothing is running ends the run.
	 */
	struct guest *(*next)(void *context, unsigned slot);

	/* The guest has ended and is judged; the callee frees it. False: stop everything. */
	bool (*done)(void *context, struct guest *guest);

	/* Called about ten times a second, and after each end. May be NULL. */
	void (*tick)(void *context);
};

enum executor_end { EXECUTOR_DONE, EXECUTOR_STOPPED, EXECUTOR_INTERRUPTED };

/* Guests still running when it stops are killed and given to nobody. */
enum executor_end executor_run(const struct executor *executor);

/* Runs one started guest, which the caller frees afterwards, unless it was interrupted. */
enum executor_end executor_run_one(struct guest *guest);

#endif
