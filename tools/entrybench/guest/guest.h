/*
 * One guest from its start to its end: console into decoder and log, deadline, and what its records
 * and its exit status together say. Which programs it runs and what becomes of their figures is the
 * caller's.
 */
#ifndef GUEST_GUEST_H
#define GUEST_GUEST_H

#include "host/host.h"
#include "machine/machine.h"
#include "record/record.h"

/* Readings of one kind: a histogram for each type, subject and batch size. */
#define SERIES_MAX 64

struct series {
	char type[8], of[32];
	uint64_t n; /* crossings in a window; 0: a single-shot window */
	struct histogram *readings;
};

/* What one of the processes that share the batches measured. */
struct stretch {
	struct round_trip trip;
	double core_cycles; /* trip.estimate by the stretch's own dependent adds; NAN: not timed */
};

/* A program of the guest's plan, on the stream of its number. Memory is bounded: histograms. */
struct guest_program {
	char *name, *param; /* of the plan; name NULL: it sends no records, only its end counts */
	struct series series[SERIES_MAX];
	size_t series_count;
	GArray *stretches; /* struct stretch; NULL: none */
	struct boot boot;  /* what it is worth, see program_finish() */
	bool begun, ended; /* it spoke, or the kernel said so; the kernel said how it ended */
	char *how;	   /* "the program ended with status 3"; NULL: well, or not at all */
};

void program_init(struct guest_program *program, const char *name, const char *param);
void program_clear(struct guest_program *program);

/* Takes a record. NULL, or what is wrong with it; the stream is broken then. */
const char *program_take(struct guest_program *program, const struct record *record);

/*
 * The guest has ended: from the readings to the boot's costs, quantiles, controls and flags, where
 * its status is ok so far. A boot that lacks what every program sends is failed; so is one of a
 * deterministic machine whose readings of one kind differ. `interrupted`: the kernel's timer runs,
 * so single readings may be longer; then most of them must be the shortest, and a flag counts the
 * others.
 */
void program_finish(struct guest_program *program, enum machine_class class, bool interrupted);

/*
 * Moves what a program counted, the loops "eventK" and "eventK.bare", to the boot's counts by the
 * events' names: the difference of the two, for one crossing, as the round trip is for ticks.
 */
void program_count_events(struct guest_program *program, const struct pmu_events *events);

/* The single-shot windows of that kind ("crossing"); NULL: none. Good as long as the program. */
const struct histogram *program_windows(const struct guest_program *program, const char *of);

/* Batches of n and 2n crossings, with the smallest n that has both. False: none. */
bool program_batch(const struct guest_program *program, const char *of, struct batch *batch);

/* What a guest's kernel (the core, or init on Linux) says of itself and of the boot's end. */
struct kernel_facts {
	char variant[64], cpu[100], features[600];
	char status[20];  /* of the exit record; "": there was none */
	char reason[200]; /* of the exit record */
	uint64_t failed;  /* programs, of the exit record */
	bool running;	  /* a program has begun and not ended */
	bool to_error;	  /* what it prints now goes to standard error */
	/* Of the running program: system calls that the kernel lacks, and how often it asked, */
	struct pairs missing;
	char fault[160]; /* and the first thing that it did to be ended; "": nothing */
};

/* True if a comma list has that item. */
bool feature_listed(const char *features, const char *feature);

/* A guest that talks for ever is not kept beyond so many bytes of its console, but for the end. */
#define CONSOLE_MAX (16 << 20)

struct guest {
	const struct machine *machine;
	struct guest_request request;
	struct guest_program *programs;
	int program_count;
	double timeout; /* seconds */

	struct process process;
	struct decoder *decoder;
	GString *console;
	FILE *pass_on[2]; /* take its programs' output and error output; NULL: not wanted */
	GString *printed; /* keeps what its programs print; NULL: it is not wanted */
	struct kernel_facts kernel;
	double deadline; /* seconds of CLOCK_MONOTONIC */
	double started, ended;
	bool timed_out;
	enum guest_end end;
	enum cell_status status; /* of the boot as a whole */
	char *reason;		 /* why it is not ok; a phrase without a dot */
	const void *context;	 /* the caller's */

	record_fn watch; /* is shown each record as well; NULL: nobody */
	void *watch_context;
};

struct guest *guest_new(const struct machine *machine, const struct variant *variant,
			double timeout);

/* name NULL: one that sends no records. */
void guest_add_program(struct guest *guest, const char *name, const char *param);

/* Takes a record of the kernel stream. NULL, or what is wrong with it. */
const char *kernel_take(struct guest *guest, const struct record *record);

/* Starts it; request.folder and request.initrd are set by then. -1 with error set: nothing runs. */
int guest_start(struct guest *guest, struct error *error);

/* Before its first output; guest_start() does it. */
void guest_make_decoder(struct guest *guest);

/* Its console said this. */
void guest_take_output(struct guest *guest, const char *bytes, size_t size);

/* Takes what the console holds now. False if that is nothing. */
bool guest_read(struct guest *guest);

/* True once it ended by itself or its time is over; then call guest_finish(). */
bool guest_over(struct guest *guest);

/* Kills what is left, reaps it, and judges boot and programs. */
void guest_finish(struct guest *guest);

/* Writes the console to DIR/NAME; so much of it as is kept. 0, or -1 with error. */
int guest_write_log(const struct guest *guest, const char *dir, const char *name,
		    struct error *error);

/* Writes what its programs printed, as far as kept, ended by a newline. */
void guest_show_printed(const struct guest *guest, FILE *to);

/* Kills it if it runs, removes its folder, frees everything. NULL does no harm. */
void guest_free(struct guest *guest);

/* Runs guests side by side: one loop over consoles, ends, deadlines and signals. */
struct executor {
	unsigned slots; /* guests at the same time */
	void *context;

	/* A started guest for a free slot; NULL: none now, and if none runs, the end. */
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

/* Fills status and reason of guest and programs from records, exit status and deadline. */
void verdict_fill(struct guest *guest);

#endif
