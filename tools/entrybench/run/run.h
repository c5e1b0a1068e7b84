/* The command `run` without its command line and without what it prints. */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include <sched.h>

#include "guest/guest.h"

/* Choosing by globs: variants and benchmark cases. */
/* A benchmark with one of its parameters. */
struct bench_case {
	const struct benchmark *benchmark;
	const char *param; /* "" where it has none */
	char *label;	   /* NAME or NAME:PARAM */
	bool asked;	   /* -B named it: it runs on every class */
};

struct selection {
	const struct variant **variants;
	size_t variant_count;
	struct bench_case *cases;
	size_t case_count;
};

/*
 * Everything that matches one of the globs; no globs: everything. 0, or -1 with an error that names the
 * glob that matches nothing, and what is near. Free in both cases.
 */
int selection_make(struct selection *selection, const struct manifest *manifest,
		   const struct strings *variants, const struct strings *benches,
		   struct error *error);
void selection_free(struct selection *selection);

/* Unless it is there already. */
void selection_add_variant(struct selection *selection, const struct variant *variant);

/* The manifest's variant of that name; NULL with an error as above. */
const struct variant *selection_variant(const struct manifest *manifest, const char *name,
					struct error *error);

/*
 * The order of work: every boot of a run, and what runs in it. Round k holds the k-th boot of every
 * machine and variant, in an order of its own, so that variants are interleaved; every boot has an order
 * of benchmarks of its own. One seed gives one plan, on every host.
 */
/* One machine with one variant: the cases that run there. */
struct plan_pair {
	const struct machine *machine;
	const struct variant *variant;
	GArray *cases; /* size_t: indices into the selection's cases */
	unsigned boots;
};

/* What one guest is to run. */
struct plan_boot {
	const struct plan_pair *pair;
	unsigned number; /* of the boot, from 0 */
	unsigned part;	 /* 0; 1, 2, ...: the rest after a guest that died */
	GArray *cases;	 /* as above, in the order in which they run */
};

struct plan {
	GPtrArray *pairs, *boots;
};

void plan_init(struct plan *plan);
void plan_clear(struct plan *plan); /* empty, or zeroed before */

struct plan_pair *plan_add_pair(struct plan *plan, const struct machine *machine,
				const struct variant *variant);

/* The boots of all pairs. */
void plan_shuffle(struct plan *plan, uint64_t seed);

/* The boots that the run's cells lack, in the order of its seed. -1 with error: something lacks what a cell names. */
int plan_of_run(struct plan *plan, const struct run *run, const struct manifest *manifest,
		const struct selection *selection, struct error *error);

/* What is left of a boot whose guest died, at the end of the plan. */
void plan_add_rest(struct plan *plan, const struct plan_boot *boot, GArray *cases);

bool plan_has_class(const struct plan *plan, enum machine_class class);

#define SEED_FRESH UINT64_MAX /* stands for a seed that is still to be chosen */

/* A seed that was not there before, small enough for every JSON reader. */
uint64_t plan_fresh_seed(void);

/* Which of the host's CPUs the guests of a class get. */
struct cpu_share {
	unsigned slots; /* guests at the same time */
	int *kept;	/* the CPU of each slot; NULL: they run anywhere */
	cpu_set_t before;
};

/*
 * Deterministic guests take all CPUs. A guest on silicon gets one for itself, the best that are there, and one is
 * left for the tool and the emulators' own threads. jobs: the most guests; 0: as many as fit.
 */
void cpu_share_take(struct cpu_share *share, const struct plan *plan, enum machine_class class,
		    unsigned jobs);

/* The tool may use them again. */
void cpu_share_give_back(struct cpu_share *share);

/* Makes guests: initrd with programs and plan in a folder of its own, ready to start. */
/* How much each program measures; docs/architecture.md, "Options of every benchmark program". */
struct sample_sizes {
	uint64_t batch, repeats, windows, warmup;
	bool core_clock; /* also time what tells core cycles */
};

/* Thousands on silicon, a few dozen where every sample is equal. windows 0: the class's own. */
struct sample_sizes sizes_for(enum machine_class class, uint64_t windows);

/* The programs' part of every initrd. */
struct kit {
	GByteArray *programs;		 /* a cpio archive */
	const struct strings *extras;	 /* QEMU arguments of the user */
	const struct pmu_events *events; /* to be counted; NULL: none */
	bool symbols;			 /* init is to send its kernel's symbols first */
};

/* init: the manifest's. 0, or -1 with error set: a program cannot be read. */
int kit_open(struct kit *kit, const char *init, const struct bench_case *cases, size_t count,
	     const struct strings *extras, struct error *error);
void kit_close(struct kit *kit);

/*
 * Fills in a guest that runs the cases, numbers into `all`, in that order. -1 with error set; free the
 * guest in both cases.
 */
int kit_guest(const struct kit *kit, struct guest *guest, const struct bench_case *all,
	      const size_t *cases, size_t count, struct sample_sizes sizes, struct error *error);

/* The kernels of machine linux that the user names, instead of those that it brings along. */
/*
 * files: "FILE" or "FILE=NAME", none: the kernel that tools/setup --linux fetched. lines: kernel lines, none: those that
 * the machine brings along. A variant for each file with each line, called [NAME/]LINE with "+" for the line's blanks and
 * "default" for an empty one. Nothing changes where both are empty. 0, or -1 with error.
 */
int kernels_add(struct manifest *manifest, const struct strings *files, const struct strings *lines,
		struct error *error);

/* Can this machine measure here, and what has its CPU? Found out by booting it once. */
/*
 * Fills class, available, reason, cpu, features and program. Variant and benchmark come from the
 * manifest; without any variant the machine is not available. False: the user wants to stop.
 */
bool probe_machine(const struct machine *machine, const struct manifest *manifest,
		   const struct strings *extras, struct run_machine *result);

/* True if the reason is a program that is not installed. */
bool probe_lacks_program(const struct machine *machine);

/* What the user sees on stderr while a run goes on: a bar on a terminal, and lines that do not tear it. */
/* quiet: neither bar nor remarks. Without this there are remarks and no bar. */
void progress_open(bool quiet, bool bar);

/* So many of so many boots after so many seconds. */
void progress_show(size_t done, size_t total, double seconds);
void progress_clear(void);

/* A remark, "entrybench: ...". */
void remark(const char *format, ...) __attribute__((format(printf, 1, 2)));

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

/*
 * The steps of a run, in their order: machines and variants are chosen, cells laid, boots planned (plan.h), guests
 * started. run.c holds them together.
 */
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
