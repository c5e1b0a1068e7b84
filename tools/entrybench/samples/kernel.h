/* What a guest's kernel (the core, or init on Linux) says about itself and about how the boot ended. */
#ifndef SAMPLES_KERNEL_H
#define SAMPLES_KERNEL_H

#include "model/run.h"
#include "record/record.h"

struct kernel_facts {
	char variant[64], cpu[100], features[600], console[32];
	uint64_t tsc_hz;  /* 0: unknown */
	char status[20];  /* of the exit record; "": there was none */
	char reason[200]; /* of the exit record */
	uint64_t programs, failed;
	struct pairs counts;
};

/* Takes a record. NULL, or what is wrong with it. */
const char *kernel_take(struct kernel_facts *facts, const struct record *record);
void kernel_facts_free(struct kernel_facts *facts);

/* True if a comma list has that item. */
bool feature_listed(const char *features, const char *feature);

#endif
