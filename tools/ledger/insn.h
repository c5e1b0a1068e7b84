/* The instructions that the guest was seen to execute: one entry for each address and content. */
#ifndef LEDGER_INSN_H
#define LEDGER_INSN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INSN_SIZE_MAX 15

/* What an RDTSC or RDTSCP is for windows: most are none of them. */
enum reading {
	READING_NONE = 0,
	READING_OPENS = 1,
	READING_CLOSES = 2,
	READING_BOTH = READING_OPENS | READING_CLOSES
};

struct insn {
	uint64_t address;
	uint32_t id; /* from 0, in order of first sight */
	uint8_t size;
	uint8_t bytes[INSN_SIZE_MAX];
	bool kernel; /* the address is in the upper half */
	enum reading reading;
	bool mark, fault, page_fault, clock, idle; /* census.h */
	char *text;				   /* disassembly */
	struct insn *next;
};

/*
 * The entry for these bytes at this address, made where there is none; *fresh says so, and its text
 * is then NULL for the caller to fill (it must come from malloc). Ends the program where memory
 * runs out.
 */
struct insn *insn_find(uint64_t address, const uint8_t *bytes, size_t size, bool *fresh);

/*
 * From `start` to before `end` readings open a window, or close one. Before the first insn_find().
 * Where no range was added, every reading in the lower half does both.
 */
void insn_add_range(uint64_t start, uint64_t end, enum reading reading);

enum reading insn_reading(uint64_t address, const uint8_t *bytes, size_t size);

size_t insn_count(void);

/* The id must be below insn_count(). */
const struct insn *insn_by_id(uint32_t id);

#endif
