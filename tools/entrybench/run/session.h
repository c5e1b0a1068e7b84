/*
 * One `run` from its request to its results: which machines, which cells, which boots are left to do, and
 * what came back. The parts: choose.c picks machines, cells.c lays cells and the plan, work.c starts guests
 * and takes their results, run.c holds it together.
 */
#ifndef RUN_SESSION_H
#define RUN_SESSION_H

#include "model/journal.h"
#include "run/plan.h"
#include "run/initrd.h"

/* What the user asked for. */
struct run_request {
	struct run_options options;
	const char *manifest;  /* NULL: the tool's own */
	const char *reference; /* NULL: the first variant of the manifest */
	const char *dir;       /* NULL: a new one under results/ */
	const char *resume;    /* NULL: a new run */
	struct strings command;
	uint64_t seed; /* SEED_FRESH: a new one */
	bool dry_run, quiet, verbose;
	unsigned jobs;			     /* 0: as many as fit */
	void (*show)(const struct run *run); /* prints the table of a run that has ended */
};

/* Everything that one guest is to run: a boot of a machine and variant, or what is left of it. */
struct work {
	size_t pair;
	unsigned number; /* of the boot */
	unsigned part;	 /* 0; 1, 2, ...: the rest after a guest that died */
	size_t *cases;
	size_t case_count;
};

struct session {
	const struct run_request *request;
	struct manifest manifest;
	struct selection selection;
	struct run run;
	struct journal journal; /* of the run, as long as it goes */
	char *dir;

	struct plan_pair *pairs; /* machine is a struct machine */
	size_t pair_count;
	struct plan plan;

	struct work *work; /* in the order of the plan; what is left of a boot comes last */
	size_t work_count, work_next;
	size_t done;		  /* guests that have ended */
	size_t earlier;		  /* of them, those of a plan before this one */
	enum machine_class stage; /* class whose guests may start now */
	unsigned slots;
	double patience; /* seconds that this run may still wait for neighbours to leave the core */
	int *cpus;	 /* kept for guests of this stage, by slot; NULL: none */

	struct kit kit;
	struct pmu_events events;
	double started;	    /* CLOCK_MONOTONIC */
	struct error error; /* why everything must stop */
};

/* Selects the variants that -m MACHINE:VARIANT names. 0, or -1 with error. */
int session_select_named(struct session *session);

/* True if -m lets the variant run on this machine: it names no variant, or this one. */
bool session_names(const struct session *session, const char *machine,
		   const struct variant *variant);

/* True if -m names a variant of this machine. */
bool session_names_variant(const struct session *session, const char *machine);

/* Machines of a new run into run.machines. 0, 2 usage with error, or 130. */
int session_choose_machines(struct session *session);

/* Cells of a new run. 0, or -1 with error. */
int session_lay_cells(struct session *session);

/* Cells of an earlier run: what failed is forgotten, what is missing will be done. 0, or -1 with error. */
int session_take_up(struct session *session);

/* Pairs, plan and work from the cells. 0, or -1 with error: the manifest lacks what a cell names. */
int session_lay_plan(struct session *session);
void session_drop_plan(struct session *session);

/*
 * Neighbours on the core left some cells without enough calm boots: these get as many again, once, in a new run where nobody said how
 * many. True if there is work now; error may be set.
 */
bool session_extend(struct session *session);

/* The work of one class. 0, 1 with error, or 130. */
int session_work(struct session *session, enum machine_class class);

/* Prints what would be done. */
void session_print_plan(const struct session *session);

/* Progress on stderr; nothing where it is no terminal or -q was given. */
void progress_show(const struct session *session);
void progress_clear(const struct session *session);

/* A line on stderr, past the progress bar, unless -q was given. */
void session_say(const struct session *session, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
