/*
 * A decoder of record streams that shares no code with the product, so that a common error would
 * show.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "records.h"

enum { LINE_MAX_BYTES = 1000 };

/*
 * CRC-32 by long division over the whole message, most significant bit first, on reflected bytes.
 */
static uint32_t crc32_of(const char *text, size_t size)
{
	uint32_t rest = 0xffffffff, out = 0;

	for (size_t i = 0; i < size; i++) {
		for (int bit = 0; bit < 8; bit++) {
			uint32_t in = (uint32_t)(unsigned char)text[i] >> bit & 1;
			bool carry = (rest >> 31 ^ in) & 1;
			rest = rest << 1 ^ (carry ? 0x04c11db7u : 0);
		}
	}
	for (int bit = 0; bit < 32; bit++)
		out |= (rest >> bit & 1) << (31 - bit);
	return ~out;
}

static void set_error(struct stream *stream, const char *what, const char *line)
{
	if (stream->error[0] == '\0')
		snprintf(stream->error, sizeof(stream->error), "%s: %.120s", what, line);
}

/* One line from its "@EB1 " on, without newline; takes it apart in place. */
static void decode_line(struct stream *stream, const char *name, char *line)
{
	char stream_name[32], type[32];
	uint64_t sequence;
	unsigned crc;
	int keys = 0;
	char *star = strrchr(line, '*');
	size_t size = strlen(line);

	if (size > LINE_MAX_BYTES)
		set_error(stream, "line too long", line);
	if (star == NULL || star == line || star[-1] != ' ' || strlen(star) != 9 ||
	    sscanf(star, "*%8x", &crc) != 1 || crc != crc32_of(line, (size_t)(star - 1 - line))) {
		set_error(stream, "damaged", line);
		return;
	}
	star[-1] = '\0';
	if (sscanf(line, "@EB1 %31s %" SCNu64 " %31s%n", stream_name, &sequence, type, &keys) !=
	    3) {
		set_error(stream, "no record", line);
		return;
	}
	if (strcmp(stream_name, name) != 0)
		return;
	if (sequence != stream->count)
		set_error(stream, "out of order", line);
	stream->records = realloc(stream->records, (stream->count + 1) * sizeof(struct record));
	struct record *record = &stream->records[stream->count++];
	memcpy(record->type, type, sizeof(type));
	record->keys = strdup(line + keys);
}

static void check_frame(struct stream *stream, const char *name)
{
	bool kernel = strcmp(name, "kernel") == 0;

	if (stream->count == 0) {
		set_error(stream, "no records", "");
		return;
	}
	const struct record *last = &stream->records[stream->count - 1];
	if (strcmp(stream->records[0].type, kernel ? "boot" : "begin") != 0)
		set_error(stream, "first record", stream->records[0].type);
	if (strcmp(last->type, kernel ? "exit" : "end") != 0)
		set_error(stream, "cut short after", last->type);
	else if (record_value(last, "records") == NULL ||
		 strtoull(record_value(last, "records"), NULL, 10) != stream->count)
		set_error(stream, "records lost", last->keys);
}

struct stream stream_decode(const char *text, const char *name)
{
	struct stream stream = {0};

	while (*text != '\0') {
		size_t size = strcspn(text, "\n");
		char *line = strndup(text, size);
		char *magic = strstr(line, "@EB1 ");

		line[strcspn(line, "\r")] = '\0';
		if (magic != NULL)
			decode_line(&stream, name, magic);
		free(line);
		text += size + (text[size] == '\n');
	}
	check_frame(&stream, name);
	return stream;
}

void stream_free(struct stream *stream)
{
	for (size_t i = 0; i < stream->count; i++)
		free(stream->records[i].keys);
	free(stream->records);
	*stream = (struct stream){0};
}

const char *record_value(const struct record *record, const char *key)
{
	static char value[LINE_MAX_BYTES + 1];
	size_t size = strlen(key);

	for (const char *at = strchr(record->keys, ' '); at != NULL; at = strchr(at + 1, ' ')) {
		if (strncmp(at + 1, key, size) != 0 || at[1 + size] != '=')
			continue;
		char *out = value;
		for (at += size + 2; *at != ' ' && *at != '\0'; at++) {
			unsigned byte = (unsigned char)*at;
			if (byte == '%') {
				sscanf(at + 1, "%2x", &byte);
				at += 2;
			}
			*out++ = (char)byte;
		}
		*out = '\0';
		return value;
	}
	return NULL;
}

int64_t record_integer(const struct record *record, const char *key)
{
	const char *value = record_value(record, key);
	char *end;

	if (value == NULL)
		fail_msg("no %s in %s%s", key, record->type, record->keys);
	int64_t number = strtoll(value, &end, 10);
	if (*value == '\0' || *end != '\0')
		fail_msg("%s is no number in %s%s", key, record->type, record->keys);
	return number;
}

const struct record *stream_next(const struct stream *stream, const char *type, size_t *at)
{
	while (*at < stream->count) {
		const struct record *record = &stream->records[(*at)++];
		if (strcmp(record->type, type) == 0)
			return record;
	}
	return NULL;
}

/* "value:count,..." or, with `raw`, "value,...". */
static void add_readings(struct readings *readings, const char *text, bool raw)
{
	bool first = true;
	int64_t last = 0;

	for (;;) {
		char *end;
		int64_t value = strtoll(text, &end, 10);
		uint64_t count = 1;
		if (!raw) {
			assert_int_equal(*end, ':');
			count = strtoull(end + 1, &end, 10);
			assert_true(count > 0);
		}
		readings->ascending = readings->ascending && (first || value > last);
		readings->min = value < readings->min ? value : readings->min;
		readings->max = value > readings->max ? value : readings->max;
		readings->count += count;
		first = false;
		last = value;
		if (*end == '\0')
			return;
		assert_int_equal(*end, ',');
		text = end + 1;
	}
}

struct readings stream_readings(const struct stream *stream, const char *type, const char *of,
				int64_t n)
{
	struct readings readings = {.min = INT64_MAX, .max = INT64_MIN, .ascending = true};
	const struct record *record;

	for (size_t at = 0; (record = stream_next(stream, type, &at)) != NULL;) {
		if (strcmp(record_value(record, "of"), of) != 0 ||
		    (n > 0 && record_integer(record, "n") != n))
			continue;
		const char *hist = record_value(record, "hist");
		if (hist != NULL)
			add_readings(&readings, hist, false);
		else
			add_readings(&readings, record_value(record, "raw"), true);
	}
	return readings;
}
