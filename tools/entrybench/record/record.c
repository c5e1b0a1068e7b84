/* Taking a record line apart. Trusts nothing but the line's size. */
#include "record/record.h"

#include <errno.h>

bool number_unsigned(const char *text, uint64_t *value)
{
	return g_ascii_string_to_unsigned(text, 10, 0, UINT64_MAX, value, NULL);
}

bool number_signed(const char *text, int64_t *value)
{
	return *text != '+' &&
	       g_ascii_string_to_signed(text, 10, INT64_MIN, INT64_MAX, value, NULL);
}

bool record_number(const struct record *record, const char *key, uint64_t *value)
{
	const char *text = record_get(record, key);

	return text && number_unsigned(text, value);
}

/* Escapes are written in capitals. */
static int hex_digit(char c)
{
	return g_ascii_islower(c) ? -1 : g_ascii_xdigit_value(c);
}

/* The byte at *text, which moves on; -1: a malformed escape. */
static int unescape(const char **text)
{
	int high, low;

	if (**text != '%')
		return (unsigned char)*(*text)++;
	high = hex_digit((*text)[1]);
	low = high < 0 ? -1 : hex_digit((*text)[2]);
	if (low < 0)
		return -1;
	*text += 3;
	return high * 16 + low;
}

static bool escapes_valid(const char *value)
{
	while (*value)
		if (unescape(&value) < 0)
			return false;
	return true;
}

/* Splits "key=value key=value" into NUL-ended strings, in place. */
static const char *split_fields(char *at)
{
	char *word;

	while ((word = strsep(&at, " "))) {
		char *equals = strchr(word, '=');

		if (!equals || equals == word)
			return "a field without key or '='";
		*equals = 0;
		if (!escapes_valid(equals + 1))
			return "an escape that is no %XX";
	}
	return NULL;
}

/* line has room for a NUL at line[size]: there stood the space before '*'. */
const char *record_parse(char *line, size_t size, struct record *record)
{
	char *end = line + size, *at = line + strlen(EB_RECORD_MAGIC);
	const char *stream, *seq;

	*record = (struct record){0};
	for (size_t i = 0; i < size; i++)
		if (line[i] < 0x20 || line[i] > 0x7e)
			return "a byte that no record holds";
	if (at >= end)
		return "an empty record";
	*end = 0;
	stream = strsep(&at, " ");
	record->stream = *stream ? stream : NULL;
	seq = strsep(&at, " ");
	record->type = strsep(&at, " ");
	if (!record->stream || !seq || !record->type || !*record->type)
		return "no stream, sequence number or type";
	if (!number_unsigned(seq, &record->seq) || record->seq > UINT32_MAX)
		return "a sequence number that is none";
	record->fields = at ? at : end;
	record->field_size = at ? (size_t)(end - at) + 1 : 0;
	return split_fields(at);
}

const char *record_get(const struct record *record, const char *key)
{
	const char *end = record->fields + record->field_size, *value;

	for (const char *name = record->fields; name < end; name = value + strlen(value) + 1) {
		value = name + strlen(name) + 1;
		if (!strcmp(name, key))
			return value;
	}
	return NULL;
}

void record_text(const struct record *record, const char *key, char *text, size_t size)
{
	const char *value = record_get(record, key);
	size_t used = 0;

	while (value && *value && used + 1 < size) {
		int byte = unescape(&value);

		/* A text goes into tables and logs: no control characters. */
		text[used++] = byte < 0x20 || byte == 0x7f ? '?' : (char)byte;
	}
	text[used] = 0;
}

/* A signed number at *at, which moves behind it. */
static bool take_signed(const char **at, int64_t *value)
{
	if (!g_ascii_isdigit((*at)[**at == '-']))
		return false;
	errno = 0;
	*value = strtoll(*at, (char **)at, 10);
	return !errno;
}

bool readings_each(const char *value, bool raw, reading_fn each, void *context)
{
	int64_t reading, count = 1;

	for (const char *at = value; *at; at++) {
		if (!take_signed(&at, &reading))
			return false;
		if (!raw && (*at++ != ':' || !take_signed(&at, &count) || count < 1))
			return false;
		if (!each(context, reading, (uint64_t)count))
			return false;
		if (!*at)
			return true;
		if (*at != ',' || !at[1])
			return false;
	}
	return true;
}
