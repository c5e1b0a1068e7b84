/* Framing and checks of the record stream. */
#include "record/record.h"

#include <zlib.h>

#define MAGIC_SIZE   (sizeof(EB_RECORD_MAGIC) - 1)
#define CRC_DIGITS   8
#define PROBLEM_SIZE 200

struct stream {
	uint64_t next; /* sequence number expected */
	bool closed;
	char problem[PROBLEM_SIZE];
};

struct decoder {
	record_fn deliver;
	text_fn text; /* NULL: nobody wants it */
	void *context;
	int streams;
	struct stream *stream; /* streams of them, then the kernel's */
	char damage[120];      /* what was wrong with the last damaged line */
	size_t used;
	char line[2 * EB_RECORD_MAX + 1];
	char record[EB_RECORD_MAX]; /* the one that is parsed, in place */
};

struct decoder *decoder_new(int streams, record_fn deliver, text_fn text, void *context)
{
	struct decoder *decoder = g_new0(struct decoder, 1);

	decoder->deliver = deliver;
	decoder->text = text;
	decoder->context = context;
	decoder->streams = streams;
	decoder->stream = g_new0(struct stream, streams + 1);
	return decoder;
}

static void give_text(const struct decoder *decoder, const char *bytes, size_t size)
{
	if (decoder->text && size)
		decoder->text(decoder->context, bytes, size);
}

void decoder_free(struct decoder *decoder)
{
	if (decoder)
		free(decoder->stream);
	free(decoder);
}

static struct stream *stream_of(const struct decoder *decoder, int number)
{
	return &decoder->stream[number == STREAM_KERNEL ? decoder->streams : number];
}

void decoder_refuse(struct decoder *decoder, int stream, const char *format, ...)
{
	char *problem = stream_of(decoder, stream)->problem;
	va_list arguments;

	if (*problem)
		return;
	va_start(arguments, format);
	vsnprintf(problem, PROBLEM_SIZE, format, arguments);
	va_end(arguments);
}

static bool find_stream(const struct decoder *decoder, const char *name, int *number)
{
	uint64_t value;

	if (!strcmp(name, EB_STREAM_KERNEL)) {
		*number = STREAM_KERNEL;
		return true;
	}
	if (!number_unsigned(name, &value) || value >= (uint64_t)decoder->streams)
		return false;
	*number = (int)value;
	return true;
}

/* Where a record may have gone. */
static const char *damage_of(const struct decoder *decoder)
{
	return decoder->damage[0] ? decoder->damage : "no damaged line";
}

static void check_order(struct decoder *decoder, int number, const struct record *record)
{
	const struct stream *stream = stream_of(decoder, number);
	const char *damage = damage_of(decoder);

	if (stream->closed)
		decoder_refuse(decoder, number, "record %" PRIu64 " came after the last one",
			       record->seq);
	else if (record->seq == stream->next + 1)
		decoder_refuse(decoder, number, "record %" PRIu64 " is lost (%s)", stream->next,
			       damage);
	else if (record->seq > stream->next)
		decoder_refuse(decoder, number, "records %" PRIu64 " to %" PRIu64 " are lost (%s)",
			       stream->next, record->seq - 1, damage);
	else if (record->seq < stream->next)
		decoder_refuse(decoder, number,
			       "record %" PRIu64 " came again or late, after record %" PRIu64,
			       record->seq, stream->next - 1);
}

/* The first record opens the stream, and the last one closes it with their number. */
static void check_frame(struct decoder *decoder, int number, const struct record *record)
{
	bool kernel = number == STREAM_KERNEL;
	const char *first = kernel ? EB_TYPE_BOOT : EB_TYPE_BEGIN;
	const char *last = kernel ? EB_TYPE_EXIT : EB_TYPE_END;
	const char *records = record_get(record, "records");
	uint64_t count = 0;

	if ((record->seq == 0) != !strcmp(record->type, first))
		decoder_refuse(decoder, number, "record %" PRIu64 " is of type %.20s", record->seq,
			       record->type);
	if (strcmp(record->type, last))
		return;
	stream_of(decoder, number)->closed = true;
	if (!records || !number_unsigned(records, &count))
		decoder_refuse(decoder, number, "its last record does not count the records");
	else if (count != record->seq + 1)
		decoder_refuse(decoder, number,
			       "its last record is number %" PRIu64 " but counts %" PRIu64
			       " records",
			       record->seq, count);
}

/* NULL, or why it cannot be this guest's. */
static const char *accept_record(struct decoder *decoder, const struct record *record)
{
	struct stream *stream;
	int number;

	if (!find_stream(decoder, record->stream, &number))
		return "a record of unknown stream";
	stream = stream_of(decoder, number);
	check_order(decoder, number, record);
	check_frame(decoder, number, record);
	if (record->seq >= stream->next)
		stream->next = record->seq + 1;
	decoder->deliver(decoder->context, number, record);
	return NULL;
}

/* Size of the record at `at` without its " *crc", if the CRC is right; else 0 and what is wrong. */
static size_t check_crc(const char *at, size_t size, const char **wrong)
{
	const char *star = memmem(at, size, " *", 2);
	char digits[CRC_DIGITS + 1];

	*wrong = "a record without its CRC";
	if (!star || (size_t)(at + size - star) < 2 + CRC_DIGITS)
		return 0;
	snprintf(digits, sizeof(digits), "%08lx",
		 crc32_z(0, (const Bytef *)at, (size_t)(star - at)));
	*wrong = "a record with a wrong CRC";
	if (memcmp(digits, star + 2, CRC_DIGITS))
		return 0;
	*wrong = NULL;
	return (size_t)(star - at);
}

static bool find_magic(const char *text, size_t size, size_t *at)
{
	const char *magic = memmem(text, size, EB_RECORD_MAGIC, MAGIC_SIZE);

	*at = magic ? (size_t)(magic - text) : size;
	return magic;
}

static void note_damage(struct decoder *decoder, const char *at, size_t size, const char *wrong)
{
	char shown[41];
	size_t length = size < sizeof(shown) - 1 ? size : sizeof(shown) - 1;

	for (size_t i = 0; i < length; i++)
		shown[i] = at[i] < 0x20 || at[i] > 0x7e ? '?' : at[i];
	shown[length] = 0;
	snprintf(decoder->damage, sizeof(decoder->damage), "%s: \"%s\"", wrong, shown);
}

/*
 * Takes the record that begins at `start`, or says what is wrong with it. Returns how many bytes
 * are done with: all of a good record, or just the magic of a bad one, as another may begin within
 * its bytes.
 */
static size_t take_record(struct decoder *decoder, const char *start, size_t left)
{
	const char *wrong;
	size_t size = check_crc(start, left, &wrong);
	size_t whole = size + 2 + CRC_DIGITS;
	struct record record;

	if (size && whole > EB_RECORD_MAX)
		wrong = "a record too long";
	if (size && !wrong) {
		memcpy(decoder->record, start, size);
		wrong = record_parse(decoder->record, size, &record);
	}
	if (!wrong)
		wrong = accept_record(decoder, &record);
	if (!wrong)
		return whole;
	note_damage(decoder, start, left, wrong);
	give_text(decoder, start, MAGIC_SIZE);
	return MAGIC_SIZE;
}

/* Where a record ends a line, so that the newline is the record's. */
static bool ends_line(const char *rest, size_t size)
{
	return !size || (size == 1 && *rest == '\r');
}

/*
 * A line is complete, but for its newline: records may stand behind other text, and behind one that
 * was cut short. What ends it is "\n", or "" at the end of the console.
 */
static void take_line(struct decoder *decoder, const char *newline)
{
	bool record = false;
	size_t at = 0, skip;

	while (find_magic(decoder->line + at, decoder->used - at, &skip)) {
		size_t taken;

		give_text(decoder, decoder->line + at, skip);
		at += skip;
		taken = take_record(decoder, decoder->line + at, decoder->used - at);
		record = taken > MAGIC_SIZE;
		at += taken;
	}
	if (!record || !ends_line(decoder->line + at, decoder->used - at)) {
		give_text(decoder, decoder->line + at, decoder->used - at);
		give_text(decoder, newline, strlen(newline));
	}
	decoder->used = 0;
}

/*
 * The buffer is full and the line goes on. It holds two records of the greatest size, so one at its
 * start is here whole or is none; text without magic goes, but for what may be the start of one.
 */
static void make_room(struct decoder *decoder)
{
	size_t at = 0, skip;

	find_magic(decoder->line, decoder->used, &skip);
	if (skip == 0)
		at = take_record(decoder, decoder->line, decoder->used);
	if (!find_magic(decoder->line + at, decoder->used - at, &skip))
		skip = decoder->used - at - (MAGIC_SIZE - 1);
	give_text(decoder, decoder->line + at, skip);
	decoder->used -= at + skip;
	memmove(decoder->line, decoder->line + at + skip, decoder->used);
}

void decoder_feed(struct decoder *decoder, const void *bytes, size_t size)
{
	const char *at = bytes, *end = at + size;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t chunk = (size_t)((newline ? newline : end) - at);
		size_t room = sizeof(decoder->line) - 1 - decoder->used;

		if (chunk > room)
			chunk = room;
		memcpy(decoder->line + decoder->used, at, chunk);
		decoder->used += chunk;
		at += chunk;
		if (at < end && *at == '\n') {
			take_line(decoder, "\n");
			at++;
		} else if (decoder->used == sizeof(decoder->line) - 1) {
			make_room(decoder);
		}
	}
}

void decoder_finish(struct decoder *decoder)
{
	/* A last line without newline counts if it is whole. */
	take_line(decoder, "");
	for (int i = STREAM_KERNEL; i < decoder->streams; i++) {
		const struct stream *stream = stream_of(decoder, i);

		if (!stream->closed && stream->next)
			decoder_refuse(decoder, i, "it breaks off after record %" PRIu64 " (%s)",
				       stream->next - 1, damage_of(decoder));
		else if (!stream->closed)
			decoder_refuse(decoder, i, "it never began (%s)", damage_of(decoder));
	}
}

bool decoder_began(const struct decoder *decoder, int stream)
{
	return stream_of(decoder, stream)->next;
}

const char *decoder_problem(const struct decoder *decoder, int stream)
{
	const char *problem = stream_of(decoder, stream)->problem;

	return problem[0] ? problem : NULL;
}
