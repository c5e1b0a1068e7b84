/*
 * One guest from its start to its end: console into decoder and log, deadline, and what its records and
 * its exit status together say. Which programs it runs and what becomes of their figures is the caller's.
 */
#ifndef GUEST_GUEST_H
#define GUEST_GUEST_H

#include "host/host.h"
#include "machine/machine.h"
#include "record/record.h"

/*
 * From the records of one program to the figures of one boot: readings go into histograms as they come,
 * so that memory does not grow with their number.
 */
struct collector;

/* name and param as the plan has them; param "" if there is none. */
struct collector *collector_new(const char *name, const char *param);
void collector_free(struct collector *collector);

/* Takes a record. NULL, or what is wrong with it; the stream is broken then. */
const char *collector_take(struct collector *collector, const struct record *record);

/*
 * The stream is whole: fills status, reason, costs, quantiles, controls, clock, counts and flags. A boot
 * that lacks what every program sends is failed; so is one of a deterministic machine whose readings of
 * one kind differ. `interrupted`: the kernel's timer runs, so single readings may be longer; then most of them must be the
 * shortest, and a flag counts the others.
 */
void collector_finish(struct collector *collector, enum machine_class class, bool interrupted,
		      struct boot *boot);

/* How the program itself says that it ended; STATUS_OK until then. */
enum cell_status collector_status(const struct collector *collector);

/* The single-shot windows of the crossing; NULL: none. Good as long as the collector. */
const struct histogram *collector_windows(const struct collector *collector);

/* The windows of n and of 2n crossings of that kind. False: none. Good as long as the collector. */
bool collector_batch(const struct collector *collector, const char *of, struct batch *batch);

/* The smallest empty window; NAN: none. */
double collector_empty_window(const struct collector *collector);

/* From the batches of counted events to counts of a crossing. */
/*
 * Moves what a program counted, the loops "eventK" and "eventK.bare", to the boot's counts by the events' names: the
 * difference of the two, for one crossing, as the round trip is for ticks.
 */
void events_fill(struct boot *boot, const struct pmu_events *events);

/* The console of a guest in a file, which is there only once it is complete. */
struct log {
	FILE *file;
	char *path, *fresh;
	size_t size;
	int problem; /* errno of the first failing write */
};

/* Later consoles than this are cut: a guest may talk for ever. */
#define LOG_MAX (16 << 20)

int log_open(struct log *log, const char *path, struct error *error);
void log_write(struct log *log, const void *data, size_t size);

/* Gives the file its name. -1 with error set where anything could not be written. */
int log_keep(struct log *log, struct error *error);

/* Removes it. A log that is not open does no harm here. */
void log_drop(struct log *log);

/* What the programs of a guest print: the console without records and without what their kernel says. */
struct printed {
	FILE *to;   /* NULL: nobody wants it */
	bool keeps; /* `to` is memory: text and size */
	char *text;
	size_t size;
};

/* More than this is not kept: a guest may talk for ever. */
#define PRINTED_MAX (16 << 20)

/* Passes all on as it comes. */
void printed_pass_on(struct printed *printed, FILE *to);

/* Keeps all until printed_show(). */
void printed_keep(struct printed *printed);

void printed_add(struct printed *printed, const char *bytes, size_t size);

/* Writes what was kept, and a newline where it ends without one. */
void printed_show(struct printed *printed, FILE *to);

/* Forgets what was kept. One that was never opened does no harm here. */
void printed_free(struct printed *printed);

/* What a guest's kernel (the core, or init on Linux) says about itself and about how the boot ended. */
/* How a program of the plan ended, in the kernel's words. */
struct program_end {
	uint64_t line;
	char how
	    [300]; /* "ended with status 3", "was killed by SIGSEGV (#PF at ip 401000)"; "": well */
	double status;	 /* exit status; NAN: it has none */
	char signal[40]; /* name of the one that killed it; "": none */
	struct pairs
	    missing; /* system calls that the kernel lacks, and how often it asked for each */
};

struct kernel_facts {
	char variant[64], cpu[100], features[600], console[32];
	uint64_t tsc_hz;  /* 0: unknown */
	char status[20];  /* of the exit record; "": there was none */
	char reason[200]; /* of the exit record */
	uint64_t programs, failed;
	struct pairs counts;
	struct program_end *ends;
	size_t end_count;
	struct pairs missing; /* of the program that is running */
	char fault[160];      /* the last that it did to be ended; "": nothing */
	bool running;	      /* a program has begun and not ended */
	uint64_t line;	      /* of the program that began last */
};

/* It said that the program of that line was about to begin. */
bool kernel_started(const struct kernel_facts *facts, uint64_t line);

/* NULL: the kernel has not said how that one ended. */
const struct program_end *kernel_program_end(const struct kernel_facts *facts, uint64_t line);

/* Takes a record. NULL, or what is wrong with it. */
const char *kernel_take(struct kernel_facts *facts, const struct record *record);
void kernel_facts_free(struct kernel_facts *facts);

/* True if a comma list has that item. */
bool feature_listed(const char *features, const char *feature);

/* A program of the guest's plan; stream k belongs to program k. */
struct guest_program {
	struct collector *collector; /* NULL: it sends no records, how it ends is all */
	enum cell_status status;     /* after the end */
	char *reason;
	bool begun; /* it spoke, or the kernel said so */
};

struct guest {
	const struct machine *machine;
	struct guest_request request;
	struct guest_program *programs;
	int program_count;
	double timeout; /* seconds */

	struct process process;
	struct decoder *decoder;
	struct log log;
	struct printed printed; /* by its programs; the caller opens it, before the start */
	char tail[256];		/* what the console ends with */
	size_t tail_size;
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

/* Zeroed but for these; programs are added with guest_add_program(). */
void guest_init(struct guest *guest, const struct machine *machine, const struct variant *variant,
		double timeout);
void guest_add_program(struct guest *guest, const char *name, const char *param);

/* One that sends no records. */
void guest_add_silent(struct guest *guest);

/*
 * Starts it; request.folder and request.initrd are set by then. log_path NULL: no log. -1 with error
 * set: nothing runs.
 */
int guest_start(struct guest *guest, const char *log_path, struct error *error);

/* Takes what the console holds now. False if that is nothing. */
bool guest_read(struct guest *guest);

/* True once it ended by itself or its time is over; then call guest_finish(). */
bool guest_over(struct guest *guest);

/* Kills what is left, reaps it, and judges boot and programs. The log is still open. */
void guest_finish(struct guest *guest);

/* Kills it if it runs, removes its folder and log, frees everything but the guest itself. */
void guest_free(struct guest *guest);

/* Runs guests side by side: one loop over their consoles, their ends, their deadlines and signals. */
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

/* The readings of one kind that a program took: a histogram for each type, subject and batch size. */
#define SERIES_MAX 64

struct series {
	char type[8], of[32];
	uint64_t n; /* crossings in a window; 0: a single-shot window */
	struct histogram *readings;
};

/* Finds or adds one. NULL: the table is full, a name too long, or memory out. */
struct series *series_get(struct series *all, size_t *count, const char *type, const char *of,
			  uint64_t n);

/* NULL: none. */
const struct histogram *series_readings(const struct series *all, size_t count, const char *type,
					const char *of, uint64_t n);

/* The batches of n and 2n, n being the smallest of which there is the double. False: none. */
bool series_batch(const struct series *all, size_t count, const char *of, struct batch *batch);

/* D(of), from the minima; NAN: no batches. */
double series_cost(const struct series *all, size_t count, const char *of);

/* What a boot is worth, from its records, its exit status and the clock together. */
/* Fills status and reason of the guest and of its programs, and begun. */
void verdict_fill(struct guest *guest);

#endif
