/*
 * Writes records (entrybench/record.h) on standard output: one line, one write.
 */
#include <entrybench/record.h>

#include "stream.h"
#include "sys.h"
#include "text.h"

enum { STDOUT = 1, CRC_PART = sizeof(" *01234567") - 1 };

static const char *stream_name = "0";
static uint64_t first_sequence, *sequence = &first_sequence;
static char line[EB_RECORD_MAX + 1]; /* and the newline */
static size_t used;

void stream_open(const char *name)
{
	stream_name = name;
	*sequence = 0;
}

bool stream_share(void)
{
	enum { READ_WRITE = 3, SHARED_ANONYMOUS = 0x21 };
	long page = sys_call(SYS_MMAP, 0, sizeof(*sequence), READ_WRITE, SHARED_ANONYMOUS, -1, 0);
	uint64_t *shared = (uint64_t *)page;

	if (page <= 0)
		return false;
	*shared = *sequence;
	sequence = shared;
	return true;
}

bool record_piece(const char *text, size_t size)
{
	if (size > EB_RECORD_MAX - CRC_PART - used)
		return false;
	memcpy(line + used, text, size);
	used += size;
	return true;
}

static void add(const char *text)
{
	record_piece(text, text_length(text));
}

static char hex_digit(unsigned value, const char *digits)
{
	return digits[value & 15];
}

/* Values are percent-encoded; one too long for a record is cut at a whole character. */
static void add_encoded(const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;
		char code[3] = {'%', hex_digit(byte >> 4, "0123456789ABCDEF"),
				hex_digit(byte, "0123456789ABCDEF")};
		bool plain = byte >= 0x21 && byte <= 0x7e && byte != '%';

		if (!record_piece(plain ? text : code, plain ? 1 : sizeof(code)))
			return;
	}
}

void record_start(const char *type)
{
	char number[TEXT_NUMBER_MAX];

	used = 0;
	add(EB_RECORD_MAGIC);
	add(stream_name);
	add(" ");
	text_from_unsigned(number, (*sequence)++);
	add(number);
	add(" ");
	add(type);
}

void record_key(const char *key)
{
	add(" ");
	add(key);
	add("=");
}

void record_text(const char *key, const char *value)
{
	record_key(key);
	add_encoded(value);
}

void record_number(const char *key, int64_t value)
{
	char number[TEXT_NUMBER_MAX];

	text_from_signed(number, value);
	record_key(key);
	add(number);
}

void record_hex(const char *key, uint64_t value)
{
	char digits[17];

	for (int i = 0; i < 16; i++)
		digits[i] = hex_digit((unsigned)(value >> (60 - 4 * i)), "0123456789abcdef");
	digits[16] = '\0';
	record_key(key);
	add(digits);
}

void record_send(void)
{
	uint32_t crc = EB_CRC_START;

	for (size_t i = 0; i < used; i++)
		crc = eb_crc_byte(crc, (uint8_t)line[i]);
	crc = eb_crc_finish(crc);
	line[used++] = ' ';
	line[used++] = '*';
	for (int shift = 28; shift >= 0; shift -= 4)
		line[used++] = hex_digit(crc >> shift, "0123456789abcdef");
	line[used++] = '\n';
	if (!sys_write_all(STDOUT, line, used))
		sys_exit(1);
}

void record_start_last(const char *type)
{
	record_start(type);
	record_number("records", (int64_t)*sequence);
}
