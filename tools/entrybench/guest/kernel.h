/* What a guest's kernel (the core, or init on Linux) says about itself and about how the boot ended. */
#ifndef GUEST_KERNEL_H
#define GUEST_KERNEL_H

#include "model/run.h"
#include "record/record.h"

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

#endif
