/* One record line (include/entrybench/record.h) taken apart; docs/records.md has the types. */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include "base/base.h"
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
 * Takes a line apart in place: from the '@' up to, and not including, the space before '*'. NULL if
 * all is well, else what is wrong; record->stream is set as soon as it is known, else NULL.
 */
const char *record_parse(char *line, size_t size, struct record *record);

/* The value of a key as sent, escapes and all; NULL if there is none. */
const char *record_get(const struct record *record, const char *key);

/* The value with its escapes undone, cut to fit, always ended; "" if there is none. */
void record_text(const struct record *record, const char *key, char *text, size_t size);

/* The value as a whole number. False if it is none, does not fit, or is not there. */
bool record_number(const struct record *record, const char *key, uint64_t *value);

/* A whole decimal number with nothing else round it. False if it is none, or does not fit. */
bool number_unsigned(const char *text, uint64_t *value);
bool number_signed(const char *text, int64_t *value);

/* Calls each() for all of "reading:count,..." (raw: "reading,..."). False: malformed, or it was. */
typedef bool (*reading_fn)(void *context, int64_t reading, uint64_t count);
bool readings_each(const char *value, bool raw, reading_fn each, void *context);

/*
 * Records out of a guest's console: bytes in, checked records out, in constant memory.
 *
 * Anything may stand between records and before one on its line. Per stream the decoder checks that
 * the first record opens it, that each follows the last, that nothing is missing, damaged, repeated
 * or out of order, and that the last one closes it with the right number of records. What is wrong
 * first is kept as a phrase. Records of a broken stream are still delivered: a panic's reason is
 * worth having.
 */

/* Number of the kernel's stream; programs have 0, 1, 2, ... */
#define STREAM_KERNEL (-1)

/* Called for each record that came undamaged. stream: STREAM_KERNEL, or 0 <= stream < streams. */
typedef void (*record_fn)(void *context, int stream, const struct record *record);

/* Called for the console's bytes that are no record, in their place between the records. */
typedef void (*text_fn)(void *context, const char *bytes, size_t size);

struct decoder;

/*
 * streams: how many programs may speak. text: sees what is no record, whole lines as far as they
 * are not very long; NULL: nobody. NULL is never returned.
 */
struct decoder *decoder_new(int streams, record_fn deliver, text_fn text, void *context);
void decoder_free(struct decoder *decoder);

void decoder_feed(struct decoder *decoder, const void *bytes, size_t size);

/* The console is at its end: what is open now was cut short. */
void decoder_finish(struct decoder *decoder);

bool decoder_began(const struct decoder *decoder, int stream);

/* After decoder_finish(): what is wrong with the stream; NULL if it is whole. */
const char *decoder_problem(const struct decoder *decoder, int stream);

/* Marks a stream as broken from outside (a missing key, say), unless something was wrong before. */
void decoder_refuse(struct decoder *decoder, int stream, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
