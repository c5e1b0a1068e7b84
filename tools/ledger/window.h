/*
 * Windows: what the guest executes from a reading of the clock that opens one to the next that
 * closes it, kept once for each distinct trace.
 *
 * A window's steps are all instructions after the first reading up to and with the second, so that
 * their number is the difference of the two readings on a machine whose clock counts instructions.
 */
#ifndef LEDGER_WINDOW_H
#define LEDGER_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "insn.h"

/* A window longer than this is not one of a benchmark's: forgotten. */
#define WINDOW_STEPS_MAX (1u << 20)
/* Steps kept over all windows. Where they do not suffice, windows seen only once go first. */
#define WINDOW_STEPS_KEPT (1u << 23)

/* The guest is about to execute an instruction. */
void window_step(const struct insn *insn);

/* The instruction of the last step has made an access of so many bytes. */
void window_access(uint64_t address, unsigned int size, bool store);

/*
 * Writes every distinct window, with its trace where it was seen more than once (docs/ledger.md).
 * False where the file does not take it.
 */
bool window_write_all(FILE *file);

#endif
