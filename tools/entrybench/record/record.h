/* One record line taken apart: see include/entrybench/record.h for the line, docs/records.md for types. */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "entrybench/record.h"

/* Points into the line it was parsed from. */
struct record {
	const char *stream;
	uint64_t seq;
	const char *type;
	char *fields;	   /* key\0value\0key\0value\0 */
	size_t field_size; /* bytes of fields */
};

/*
 * Takes a line apart in place: from the '@' up to, and not including, the space before '*'. NULL if all
 * is well, else what is wrong; record->stream is set as soon as it is known, else NULL.
 */
const char *record_parse(char *line, size_t size, struct record *record);

/* The value of a key as sent, escapes and all; NULL if there is none. */
const char *record_get(const struct record *record, const char *key);

/* Walks over the fields: start with *at = 0; false at the end. */
bool record_next(const struct record *record, size_t *at, const char **key, const char **value);

/* The value with its escapes undone, cut to fit, always ended; "" if there is none. */
void record_text(const struct record *record, const char *key, char *text, size_t size);

/* A whole decimal number with nothing else round it. False if it is none, or does not fit. */
bool number_unsigned(const char *text, uint64_t *value);
bool number_signed(const char *text, int64_t *value);

/*
 * Calls each() for every reading of a value "reading:count,..." (or "reading,..." where raw). False if
 * the value is malformed or each() returns false.
 */
typedef bool (*reading_fn)(void *context, int64_t reading, uint64_t count);
bool readings_each(const char *value, bool raw, reading_fn each, void *context);

#endif
