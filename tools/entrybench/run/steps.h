/*
 * The steps of a run, in their order: machines and variants are chosen, cells laid, boots planned (plan.h), guests
 * started. run.c holds them together.
 */
#ifndef RUN_STEPS_H
#define RUN_STEPS_H

#include "host/pmu.h"
#include "model/journal.h"
#include "run/plan.h"

/*
 * Puts a program of the user's, FILE and its arguments, into the manifest (docs/programs.md says which can run). Nothing
 * changes where there are no words. 0, or -1 with error.
 */
int program_add(struct manifest *manifest, const struct strings *words, struct error *error);

/* Selects the variants that -m MACHINE:VARIANT names. 0, or -1 with error. */
int choose_named_variants(struct selection *selection, const struct manifest *manifest,
			  const struct strings *machines, struct error *error);

/* True if -m lets the variant run on this machine: it names no variant of it, or this one. */
bool choice_allows(const struct strings *machines, const char *machine,
		   const struct variant *variant);

/* True if -m names a variant of this machine. */
bool choice_names_variant(const struct strings *machines, const char *machine);

/* Probes machines into run->machines: those that the run's options name, or the best. False: the user wants to stop. */
bool choose_machines(struct run *run, const struct manifest *manifest,
		     const struct selection *selection, const struct pmu_events *events);

/* Cells of a new run. */
void cells_lay(struct run *run, const struct selection *selection);

/* Cells of an earlier run: what failed is forgotten, what is missing will be done. */
void cells_take_up(struct run *run);

/*
 * Fills a cell's status, reason and flags from its boots. A cell without any is left as it is. One of a deterministic
 * machine is failed where two of its boots differ by anything at all.
 */
void cell_judge(struct cell *cell);

/*
 * Neighbours on the core left some cells without enough calm boots: these get as many again. False: none did. Call it once,
 * and where nobody said how many boots there are to be.
 */
bool cells_extend(struct run *run);

/* Boots what is planned. */
struct work {
	struct run *run;
	struct journal *journal;
	struct plan *plan;
	const struct manifest *manifest;
	const struct selection *selection;
	const struct pmu_events *events;
	const char *dir;
	unsigned jobs; /* guests at a time; 0: as many as fit */
	bool may_extend, verbose;

	size_t done; /* comes back: guests that have ended */
};

/* 0, 1 with error, or 130. */
int work_do(struct work *work, struct error *error);

#endif
