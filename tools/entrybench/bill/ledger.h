/*
 * A ledger in memory: what the QEMU plugin of tools/ledger/ wrote about the windows of one boot (docs/ledger.md).
 */
#ifndef BILL_LEDGER_H
#define BILL_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define LEDGER_INSN_MAX 15 /* bytes */

struct ledger_insn {
	uint64_t address;
	uint8_t bytes[LEDGER_INSN_MAX];
	uint8_t size;
	char *text; /* disassembly */
};

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

/* From one reading of the clock in ring 3 to the next, the second reading included. */
struct ledger_window {
	uint64_t length;    /* executed instructions */
	uint64_t crossings; /* times that ring 3 was left */
	uint64_t times;	    /* windows of exactly this course */
	bool traced;
	size_t first; /* of its steps in ledger.steps; it has `length` of them where it is traced */
};

struct ledger {
	struct ledger_insn *insns;
	struct ledger_access *accesses;
	struct ledger_step *steps;
	struct ledger_window *windows;
	size_t insn_count, access_count, step_count, window_count;
};

/* Reads a whole ledger. 0; or -1 with one line in error, and the ledger empty. Free with ledger_free(). */
int ledger_read(struct ledger *ledger, const char *path, struct error *error);
void ledger_free(struct ledger *ledger);

/* Kernel addresses are those of the upper half. */
static inline bool ledger_in_kernel(const struct ledger_insn *insn)
{
	return (int64_t)insn->address < 0;
}

#endif
