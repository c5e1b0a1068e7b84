/*
 * Records out of a guest's console: bytes in, checked records out, in constant memory.
 *
 * Anything may stand between records and before one on its line. Per stream the decoder checks that the
 * first record opens it, that each follows the last, that nothing is missing, damaged, repeated or out of
 * order, and that the last one closes it with the right number of records. What is wrong first is kept as
 * a phrase. Records of a broken stream are still delivered: a panic's reason is worth having.
 */
#ifndef RECORD_DECODER_H
#define RECORD_DECODER_H

#include "record/record.h"

/* Number of the kernel's stream; programs have 0, 1, 2, ... */
#define STREAM_KERNEL (-1)

/* Called for each record that came undamaged. stream: STREAM_KERNEL, or 0 <= stream < streams. */
typedef void (*record_fn)(void *context, int stream, const struct record *record);

/* Called for the console's bytes that are no record, in their place between the records. */
typedef void (*text_fn)(void *context, const char *bytes, size_t size);

struct decoder;

/* streams: how many programs may speak. NULL is never returned. */
struct decoder *decoder_new(int streams, record_fn deliver, void *context);
void decoder_free(struct decoder *decoder);

/* From now on `text` sees what is no record: whole lines, as far as they are not very long. */
void decoder_show_text(struct decoder *decoder, text_fn text);

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
