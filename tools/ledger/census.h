/*
 * The census of a program: every instruction between two readings of one clock, counted by way into
 * the kernel. A way is the first instruction of the kernel that a crossing executes and, where it
 * comes to one, the mark (a system call's function) that it executes first.
 */
#ifndef LEDGER_CENSUS_H
#define LEDGER_CENSUS_H

#include <stdbool.h>
#include <stdio.h>

#include "insn.h"

/* The range in which the clock is read: the first reading begins the census, the next ends it. */
void census_set_clock(uint64_t start, uint64_t end);
bool census_wanted(void);

/* The same, of waiting: what is executed while the CPU waits is counted once more by itself. */
void census_set_idle(uint64_t start, uint64_t end);

/* Where system calls' functions begin. */
void census_add_mark(uint64_t address);

/*
 * Where the kernel is entered by faults: the instruction before has not executed, though it was
 * seen; unless, at a page fault, it was its successor that could not be fetched.
 */
void census_add_fault(uint64_t address);
void census_add_page_fault(uint64_t address);

/* Tells a fresh instruction which of these it is. */
void census_look(struct insn *insn);

/* The guest is about to execute an instruction. */
void census_step(const struct insn *insn);

/* Writes the file (docs/ledger.md). False where it does not take it. */
bool census_write(FILE *file);

#endif
