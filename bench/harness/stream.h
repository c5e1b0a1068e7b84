/*
 * Writes records (entrybench/record.h) on standard output: one line, one write.
 */
#ifndef BENCH_STREAM_H
#define BENCH_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Names the stream of all records that follow; before the first one. */
void stream_open(const char *name);

/*
 * Children go on with the numbers where their parent or a sister stopped. False: the kernel has no
 * shared memory.
 */
bool stream_share(void);

void record_start(const char *type);
void record_text(const char *key, const char *value);
void record_number(const char *key, int64_t value);
void record_hex(const char *key, uint64_t value);

/* Sends the record. A console that takes no more ends the program with status 1. */
void record_send(void);

/*
 * A long value in pieces: record_key() writes " key=", record_piece() adds to it and says no,
 * adding nothing, where the record has no room for it.
 */
void record_key(const char *key);
bool record_piece(const char *text, size_t size);

/* The record that closes the stream, of `type` "end" or "exit"; `records` counts itself. Not sent
 * yet. */
void record_start_last(const char *type);

#endif
