/*
 * A decoder of record streams that shares no code with the product, so that a common error would
 * show.
 */
#ifndef TESTS_RECORDS_H
#define TESTS_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct record {
	char type[32];
	char *keys; /* " key=value key=value", still encoded */
};

struct stream {
	struct record *records;
	size_t count;
	char error[200]; /* empty if the stream is whole */
};

/* Takes the records of stream `name` from console text, as docs/records.md wants them. */
struct stream stream_decode(const char *text, const char *name);
void stream_free(struct stream *stream);

/* The value of a key, decoded, or NULL; lasts until the next call. */
const char *record_value(const struct record *record, const char *key);

/* The value as a number; fails the test where there is none. */
int64_t record_integer(const struct record *record, const char *key);

/* The next record of a type from *at on, or NULL; *at moves behind it. */
const struct record *stream_next(const struct stream *stream, const char *type, size_t *at);

/* Readings of one kind: all records of `type` with that `of` (and `n`, unless 0). */
struct readings {
	uint64_t count;
	int64_t min, max;
	bool ascending; /* within each record */
};

struct readings stream_readings(const struct stream *stream, const char *type, const char *of,
				int64_t n);

#endif
