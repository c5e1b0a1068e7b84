/* The command `run` without its command line and without what it prints. */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include "run/plan.h"

#define EXIT_NOTHING	 77
#define EXIT_TIMEOUT	 124
#define EXIT_INTERRUPTED 130

/* What the user asks for. */
struct run_request {
	struct run_options options; /* become the run's */
	const char *manifest;	    /* NULL: the tool's own */
	const char *reference;	    /* NULL: the first variant of the manifest */
	const char *dir;	    /* NULL: a new one under results/ */
	const char *resume;	    /* NULL: a new run */
	struct strings command;
	uint64_t seed; /* SEED_FRESH: a new one */
	bool dry_run, quiet, verbose;
	unsigned jobs; /* 0: as many as fit */
};

enum run_end {
	RUN_FAILED,	 /* error says why */
	RUN_MISUSED,	 /* error says what cannot be meant */
	RUN_PLANNED,	 /* --dry-run */
	RUN_NOTHING,	 /* no cell can run: their reasons say why */
	RUN_INTERRUPTED, /* dir NULL: before anything was measured */
	RUN_DONE,
};

/* A run with what it was made from. Zeroed before. */
struct run_result {
	struct run run;
	struct manifest manifest;
	struct selection selection;
	struct plan plan;
	char *dir;
	size_t boots_done;
};

/* Does what is asked for, from the choice of machines to the summary on disk. Remarks go to stderr. Free the result. */
enum run_end run_execute(struct run_request *request, struct run_result *result,
			 struct error *error);
void run_result_free(struct run_result *result);

/* Why the machine, which -m named, can give no results in this run; NULL: it can. g_free() it. */
char *run_machine_obstacle(const struct run *run, const char *machine);

#endif
