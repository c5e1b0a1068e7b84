/*
 * Formatted printing to the console, byte by byte: no buffer, so it is safe on any stack. Or to
 * memory of the caller's.
 */
#include <stdarg.h>

#include "dev/dev.h"
#include "entry/erase.h"
#include "lib/lib.h"

struct buffer {
	char *at, *end;
};

/* Where to: NULL is the console. What a buffer has no room for is lost. */
static void put(struct buffer *to, char c)
{
	if (!to)
		console_write(&c, 1);
	else if (to->at < to->end)
		*to->at++ = c;
}

static void put_number(struct buffer *to, u64 value, unsigned base, int width, char pad)
{
	u64 divisor = 1;
	int digits = 1;
	while (value / divisor >= base)
		divisor *= base, digits++;
	for (; width > digits; width--)
		put(to, pad);
	for (; divisor; divisor /= base)
		put(to, "0123456789abcdef"[value / divisor % base]);
}

static void put_signed(struct buffer *to, s64 value, int width, char pad)
{
	if (value < 0) {
		put(to, '-');
		put_number(to, -(u64)value, 10, width - 1, pad);
	} else {
		put_number(to, value, 10, width, pad);
	}
}

static void put_string(struct buffer *to, const char *s)
{
	while (*s)
		put(to, *s++);
}

/* One conversion; `format` points behind the '%'. Returns its last character. */
static const char *convert(struct buffer *to, const char *format, va_list *args)
{
	char pad = *format == '0' ? '0' : ' ';
	int width = 0;
	bool is_long = false;
	for (; *format >= '0' && *format <= '9'; format++)
		width = width * 10 + (*format - '0');
	for (; *format == 'l'; format++)
		is_long = true;
	switch (*format) {
	case 's':
		put_string(to, va_arg(*args, const char *));
		break;
	case 'c':
		put(to, va_arg(*args, int));
		break;
	case 'd':
		put_signed(to, is_long ? va_arg(*args, s64) : va_arg(*args, int), width, pad);
		break;
	case 'u':
		put_number(to, is_long ? va_arg(*args, u64) : va_arg(*args, u32), 10, width, pad);
		break;
	case 'x':
		put_number(to, is_long ? va_arg(*args, u64) : va_arg(*args, u32), 16, width, pad);
		break;
	case 'p':
		put_number(to, va_arg(*args, u64), 16, 16, '0');
		break;
	default:
		put(to, *format);
	}
	return format;
}

static void print(struct buffer *to, const char *format, va_list *args)
{
	for (; *format; format++) {
		if (*format == '%')
			format = convert(to, format + 1, args);
		else
			put(to, *format);
	}
}

void kvformat(char *text, u64 size, const char *format, va_list *args)
{
	struct buffer to = {text, text + size - 1};
	print(&to, format, args);
	*to.at = 0;
}

BIG_FRAME_BEGIN
void kprintf(const char *format, ...)
{
	va_list args;
	stack_mark();
	va_start(args, format);
	print(NULL, format, &args);
	va_end(args);
}
BIG_FRAME_END
