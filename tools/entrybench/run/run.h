/* The command `run` without its command line and without what it prints. */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include "guest/guest.h"
#include "model/folder.h"

/* A benchmark with one of its parameters. */
struct bench_case {
	const struct benchmark *benchmark;
	const char *param; /* "" where it has none */
	char *label;	   /* NAME or NAME:PARAM */
	bool asked;	   /* -B named it: it runs on every class */
};

/* Variants and benchmark cases chosen by globs. */
struct selection {
	const struct variant **variants;
	size_t variant_count;
	struct bench_case *cases;
	size_t case_count;
};

/* All that a glob matches; no globs: all. -1 with error: one matches nothing. Always free. */
int selection_make(struct selection *selection, const struct manifest *manifest,
		   const struct strings *variants, const struct strings *benches,
		   struct error *error);
void selection_free(struct selection *selection);

AUTO_CLEAR(selection, selection_free)

/* Adds the variants that -m MACHINE:VARIANT names. 0, or -1 with error. */
int selection_add_named(struct selection *selection, const struct manifest *manifest,
			const struct strings *machines, struct error *error);

/* Adds the variant of that name. 0, or -1 with an error as above. */
int selection_add_variant(struct selection *selection, const struct manifest *manifest,
			  const char *name, struct error *error);

/* What a guest is to run. */
struct plan_item {
	const struct bench_case *bench;
	struct cell *cell; /* NULL: of no run */
};

/* One machine with one variant: what runs there. */
struct plan_pair {
	const struct machine *machine;
	const struct variant *variant;
	GArray *items; /* struct plan_item */
	unsigned boots;
};

struct plan_boot {
	const struct plan_pair *pair;
	unsigned number; /* of the boot, from 0 */
	unsigned part;	 /* 0; 1, 2, ...: the rest after a guest that died */
	GArray *items;	 /* in the order in which they run */
	char *stream;	 /* file with what a machine that is away sent; NULL: none */
};

#define plan_item(boot, i) (&g_array_index((boot)->items, struct plan_item, i))

/*
 * The order of work: every boot of a run, and what runs in it. Round k holds the k-th boot of every
 * machine and variant, in an order of its own, so that variants are interleaved; every boot has an
 * order of benchmarks of its own. One seed gives one plan, on every host.
 */
struct plan {
	GPtrArray *pairs, *boots;
};

void plan_init(struct plan *plan);
void plan_clear(struct plan *plan); /* empty, or zeroed before */

struct plan_pair *plan_add_pair(struct plan *plan, const struct machine *machine,
				const struct variant *variant);

/* The boots of all pairs. */
void plan_shuffle(struct plan *plan, uint64_t seed);

/* The boots that the run's cells lack, ordered by its seed. -1 with error: an unknown name. */
int plan_of_run(struct plan *plan, const struct run *run, const struct manifest *manifest,
		const struct selection *selection, struct error *error);

/* What is left of a boot whose guest died, at the end of the plan. */
void plan_add_rest(struct plan *plan, const struct plan_boot *boot, GArray *items);

/* "I/N", 1 <= I <= N: every N-th cell of deterministic machines, every N-th boot on silicon. */
bool shard_parse(const char *text, unsigned *part, unsigned *parts);

/* True if that boot of a cell of that number and class is in the run's shard. */
bool shard_has(const struct run *run, enum machine_class class, unsigned cell, unsigned boot);

bool plan_has_class(const struct plan *plan, enum machine_class class);

#define SEED_FRESH UINT64_MAX /* stands for a seed that is still to be chosen */

/* How much each program measures; docs/architecture.md, "Options of every benchmark program". */
struct sample_sizes {
	uint64_t batch, repeats, windows, warmup;
	uint64_t stretches; /* 0: one */
	bool placed;	    /* at this layout; false: each stretch at another */
	unsigned layout;
	bool core_clock; /* also time what tells core cycles */
	bool say;	 /* say the figures in words, too */
};

/* Thousands on silicon, a few dozen where every sample is equal. */
extern const struct sample_sizes class_sizes[];

/* What a boot of that number measures on the machine. */
struct sample_sizes sizes_for(const struct machine *machine, const struct run_options *options,
			      unsigned boot);

/* The core's image with its entry code at that place; NULL: it has no others. g_free() it. */
char *layout_image(const struct variant *variant, unsigned layout);

/* What the initrds of several guests have in common. */
struct initrd {
	GByteArray *programs;		 /* a cpio archive */
	const struct strings *extras;	 /* QEMU arguments of the user; NULL: none */
	const struct pmu_events *events; /* to be counted; NULL: none */
	bool symbols;			 /* init is to send its kernel's symbols first */
};

/* init: the manifest's, or "". 0, or -1 with error set: a program cannot be read. */
int initrd_open(struct initrd *initrd, const char *init, const struct bench_case *cases,
		size_t count, struct error *error);
void initrd_close(struct initrd *initrd);

/* Gives a guest an initrd with these programs in order, in a folder of its own. -1 with error. */
int initrd_load(const struct initrd *initrd, struct guest *guest, const struct plan_item *items,
		size_t count, struct sample_sizes sizes, struct error *error);

/* One boot of one case, outside of a run. */
struct single_boot {
	const struct machine *machine;
	const struct variant *variant;
	const struct bench_case *bench;
	double timeout; /* seconds */
	struct sample_sizes sizes;
	const struct strings *extras; /* arguments for QEMU; NULL: none */
	const char *init;	      /* for a stock kernel; NULL: none */
	bool symbols;		      /* which is to send its symbols */
	record_fn watch;	      /* sees every record; NULL: nobody */
	void *watch_context;
};

/* 0: *guest has ended and is judged; 1 with error; 130: interrupted. Always free the guest. */
int single_boot_run(const struct single_boot *single, struct guest **guest, struct error *error);

/*
 * The same, and takes the figures out of what the guest said. Also 77 with error: this machine
 * cannot run it; 124 with error: it took too long; *guest is NULL where it was interrupted.
 */
int single_boot_settle(const struct single_boot *single, struct guest **guest, struct error *error);

/*
 * files: "FILE" or "FILE=NAME", none: the kernel that tools/setup --linux fetched. lines: kernel
 * lines, none: those that machine linux brings along. A variant for each file with each line,
 * called [NAME/]LINE with "+" for the line's blanks and "default" for an empty one. Nothing changes
 * where both are empty. 0, or -1 with error.
 */
int kernels_add(struct manifest *manifest, const struct strings *files, const struct strings *lines,
		struct error *error);

/* Adds a user's program and its arguments (docs/programs.md), if there are words. -1: error. */
int program_add(struct manifest *manifest, const struct strings *words, struct error *error);

/*
 * Can this machine measure here, and what has its CPU? Found out by booting it once. Fills class,
 * available, reason, cpu, features and program. Variant and benchmark come from the manifest;
 * without any variant the machine is not available. False: the user wants to stop.
 */
bool probe_machine(const struct machine *machine, const struct manifest *manifest,
		   const struct strings *extras, struct run_machine *result);

/* True if the reason is a program that is not installed. */
bool probe_lacks_program(const struct machine *machine);

/*
 * What the user sees on stderr while a run goes on: a bar on a terminal, and lines that do not tear
 * it. quiet: neither bar nor remarks. Without this there are remarks and no bar.
 */
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
	const char *stream; /* with resume: what a machine sent that ran the plan; NULL: none */
	struct strings command;
	uint64_t seed; /* SEED_FRESH: a new one */
	bool dry_run, quiet, verbose;
	bool force;    /* with resume: start a new group of boots where something differs */
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

/* A run with what it is made from. Zeroed before. */
struct run_result {
	struct run run;
	struct manifest manifest;
	struct selection selection;
	struct pmu_events events;
	struct plan plan;
	struct journal journal;
	char *dir;
	size_t boots_done; /* guests that have ended */
};

/* From choosing machines to the summary on disk. Remarks go to stderr. Free the result. */
enum run_end run_execute(struct run_request *request, struct run_result *result,
			 struct error *error);
void run_result_free(struct run_result *result);

/* Why the machine, which -m named, can give no results in this run; NULL: it can. g_free() it. */
char *run_machine_obstacle(const struct run *run, const char *machine);

/*
 * Makes one run of several that are parts of one plan, in the folder `out`: cells with the boots of
 * all. Cells of silicon that are of several CPUs stay apart, as machines "MACHINE@CPU". 0, or -1
 * with error: they do not fit. Free the run in both cases.
 */
int merge_runs(struct run *merged, const char *const *dirs, size_t count, const char *out,
	       struct error *error);

#define CELL_NOT_YET "not run yet: entrybench run --resume does it"

/*
 * Machines that are away (machine metal): an image that boots a plan, and what such a machine sent.
 */

/* "FILE.json": the run that the image in FILE is of, as its own file. Free it. */
char *image_run_file(const char *image);

/* What the boots of a plan are called in their records: "PLAN:K/N"; this is PLAN. Free it. */
char *image_plan_name(const char *run_file, struct error *error);

/*
 * Makes FILE, which boots the plan of the result by BIOS or UEFI, and FILE.json. `wait`: seconds in
 * which one can still stop it. 0, or -1 with error.
 */
int image_make(const struct run_result *result, const char *file, unsigned wait,
	       struct error *error);

/*
 * Loads that boot of the plan for kexec(8), which starts it and ends the Linux that runs. 0, or -1
 * with error.
 */
int image_kexec(const struct run_result *result, unsigned number, const char *run_file,
		struct error *error);

/*
 * What of a boot is kept on the stick itself: up to KEEP_SIZE bytes of its console, in one of
 * GRUB's environment files for each boot. keep_option is for the core, the others are for GRUB:
 * $kept is the boot to be kept, $boots are all of them; $some_lost says that one was not.
 */
#define KEEP_SIZE 0x10000
extern const char keep_option[], keep_config[], keep_clear_config[];

/* The empty file of that boot below the folder that becomes the stick. 0, or -1 with error. */
int keep_make_file(const char *iso, unsigned boot, struct error *error);

/* Appends what the content of such a file holds to the stream; what is wrong with it, or NULL. */
const char *keep_read(const char *text, GString *stream);

/* True for an image or a stick, false for what a machine sent. */
bool keep_is_stick(const char *path);

/* Writes all that the stick keeps to FILE, one boot behind the other. 0, or -1 with error. */
int keep_collect(const char *stick, const char *file, struct error *error);

/*
 * Cuts a console into boots: each() gets those of the plan, in their order; the same number may
 * come again. `foreign`: how many boots of other plans there were. False: each() said no.
 */
typedef bool (*stream_fn)(void *context, unsigned boot, const char *bytes, size_t size);
bool streams_cut(const char *bytes, size_t size, const char *plan, unsigned boots,
		 unsigned *foreign, stream_fn each, void *context);

/*
 * Reads a serial line, a pipe or the like into FILE, until the plan's last boot has ended, nothing
 * came for `timeout` seconds (0: never mind), or the user wants to stop. 0, or -1 with error.
 */
int streams_record(const char *device, const char *plan, unsigned boots, double timeout,
		   const char *file, struct error *error);

/* Gives the plan's boots what the request's stream holds of them; the rest leaves the plan. */
int streams_take(struct run_result *result, const struct run_request *request, struct error *error);

/* The steps of a run, in their order. */

/* Probes the machines that the options name, or the best. False: the user wants to stop. */
bool choose_machines(struct run_result *result);

/* Cells of a new run. */
void cells_lay(struct run *run, const struct selection *selection);

/* Cells of an earlier run: what failed is forgotten, what is missing will be done. */
void cells_take_up(struct run *run);

/* Notes what a new run's boots depend on: tool, host, programs' versions, SHA-256 of files. */
void provenance_note(struct run_result *result);

/*
 * Boots of two tools, hosts or programs never go into one estimate. 0: nothing differs from what
 * the run's last boots were made with, or, with --force, those that come are a group of their own.
 * -1 with error that names what differs.
 */
int provenance_check(const struct run_request *request, struct run_result *result,
		     struct error *error);

/* Boots what is planned. 0, 1 with error, or 130. */
int work_do(struct run_result *result, const struct run_request *request, struct error *error);

/* Fills status, reason, flags from boots, if any. Deterministic boots that differ are a failure. */
void cell_judge(struct cell *cell);

/* Doubles the boots of cells that lack calm ones. False: none. Only once, and not against -b. */
bool cells_extend(struct run *run);

#endif
