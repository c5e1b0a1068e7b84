/*
 * One guest from its start to its end: console into decoder and log, deadline, and what its records and
 * its exit status together say. Which programs it runs and what becomes of their figures is the caller's.
 */
#ifndef GUEST_GUEST_H
#define GUEST_GUEST_H

#include "guest/log.h"
#include "guest/printed.h"
#include "machine/machine.h"
#include "record/decoder.h"
#include "guest/collect.h"
#include "guest/kernel.h"

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

#endif
