/*
 * A ledger in memory: what the QEMU plugin of tools/ledger/ wrote about the windows of one boot
 * (docs/ledger.md).
 */
#ifndef BILL_LEDGER_H
#define BILL_LEDGER_H

#include <glib.h>

#include "base/error.h"
#include "bill/insn.h"

struct ledger_access {
	uint64_t address;
	uint8_t size; /* bytes */
	bool store;
};

/* One execution of an instruction. */
struct ledger_step {
	uint32_t insn;			     /* index into ledger.insns */
	uint32_t access_first, access_count; /* in ledger.accesses */
};

/* From one reading of the clock to the next, the second reading included. */
struct ledger_window {
	uint64_t length;    /* executed instructions */
	uint64_t crossings; /* times that ring 3 was left */
	uint64_t times;	    /* windows of exactly this course */
	bool traced;
	size_t first; /* of its steps in ledger.steps; it has `length` of them where it is traced */
};

struct ledger {
	GArray *insns, *accesses, *steps, *windows; /* of the structs above */
	GStringChunk *texts;
};

static inline const struct ledger_insn *ledger_insn(const struct ledger *ledger,
						    const struct ledger_step *step)
{
	return &g_array_index(ledger->insns, struct ledger_insn, step->insn);
}

static inline const struct ledger_access *ledger_accesses(const struct ledger *ledger,
							  const struct ledger_step *step)
{
	return &g_array_index(ledger->accesses, struct ledger_access, step->access_first);
}

/* For whoever fills one by hand. */
void ledger_init(struct ledger *ledger);

/* Decodes it and takes it over; `text` is copied. Returns its index. */
uint32_t ledger_add_insn(struct ledger *ledger, struct ledger_insn insn, const char *text);

/*
 * Reads a whole ledger. 0; or -1 with one line in error, and the ledger empty. Free with
 * ledger_free().
 */
int ledger_read(struct ledger *ledger, const char *path, struct error *error);
void ledger_free(struct ledger *ledger);

#endif
