/* Records of the kernel stream, written to the console as they are made. */
#include <entrybench/record.h>

#include "dev/dev.h"
#include "lib/lib.h"

static u32 crc;
static u64 sequence;

static void put(char c)
{
	crc = eb_crc_byte(crc, c);
	console_write(&c, 1);
}

static void put_plain(const char *s)
{
	while (*s)
		put(*s++);
}

static void put_number(u64 value, unsigned base)
{
	u64 divisor = 1;
	while (value / divisor >= base)
		divisor *= base;
	for (; divisor; divisor /= base)
		put("0123456789abcdef"[value / divisor % base]);
}

void record_begin(const char *type)
{
	crc = EB_CRC_START;
	put_plain(EB_RECORD_MAGIC EB_STREAM_KERNEL " ");
	put_number(sequence++, 10);
	put(' ');
	put_plain(type);
}

static void put_key(const char *key)
{
	put(' ');
	put_plain(key);
	put('=');
}

void record_text(const char *key, const char *value)
{
	static const char hex[] = "0123456789ABCDEF";
	put_key(key);
	for (; *value; value++) {
		u8 c = *value;
		if (c > 0x20 && c < 0x7f && c != '%') {
			put(c);
		} else {
			put('%');
			put(hex[c >> 4]);
			put(hex[c & 15]);
		}
	}
}

void record_number(const char *key, u64 value)
{
	put_key(key);
	put_number(value, 10);
}

void record_hex(const char *key, u64 value)
{
	put_key(key);
	put_number(value, 16);
}

void record_end(void)
{
	kprintf(" *%08x\n", eb_crc_finish(crc));
}

u64 record_count(void)
{
	return sequence;
}
