/*
 * The few text and memory functions that a program without a C library needs.
 */
#ifndef BENCH_TEXT_H
#define BENCH_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The compiler calls these by itself. */
void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int value, size_t size);
int memcmp(const void *a, const void *b, size_t size);

size_t text_length(const char *text);
bool text_equal(const char *a, const char *b);
bool text_starts(const char *text, const char *start);

/* Room for any 64-bit number in text, its sign and its NUL included. */
#define TEXT_NUMBER_MAX 22

/* Decimal text of a number, NUL at the end, into TEXT_NUMBER_MAX bytes; returns its length. */
size_t text_from_signed(char *out, int64_t value);
size_t text_from_unsigned(char *out, uint64_t value);

/* Plain decimal digits, nothing else, at most `max`. */
bool text_to_number(const char *text, uint64_t max, uint64_t *value);

#endif
