/* Formatted printing to the console, byte by byte: no buffer, so it is safe on any stack. */
#include <stdarg.h>

#include "dev/dev.h"
#include "entry/erase.h"
#include "lib/lib.h"

static void put(char c)
{
	console_write(&c, 1);
}

static void put_number(u64 value, unsigned base, int width, char pad)
{
	u64 divisor = 1;
	int digits = 1;
	while (value / divisor >= base)
		divisor *= base, digits++;
	for (; width > digits; width--)
		put(pad);
	for (; divisor; divisor /= base)
		put("0123456789abcdef"[value / divisor % base]);
}

static void put_signed(s64 value, int width, char pad)
{
	if (value < 0) {
		put('-');
		put_number(-(u64)value, 10, width - 1, pad);
	} else {
		put_number(value, 10, width, pad);
	}
}

static void put_string(const char *s)
{
	console_write(s, strlen(s));
}

/* One conversion; `format` points behind the '%'. Returns its last character. */
static const char *convert(const char *format, va_list *args)
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
		put_string(va_arg(*args, const char *));
		break;
	case 'c':
		put(va_arg(*args, int));
		break;
	case 'd':
		put_signed(is_long ? va_arg(*args, s64) : va_arg(*args, int), width, pad);
		break;
	case 'u':
		put_number(is_long ? va_arg(*args, u64) : va_arg(*args, u32), 10, width, pad);
		break;
	case 'x':
		put_number(is_long ? va_arg(*args, u64) : va_arg(*args, u32), 16, width, pad);
		break;
	case 'p':
		put_number(va_arg(*args, u64), 16, 16, '0');
		break;
	default:
		put(*format);
	}
	return format;
}

void kvprintf(const char *format, va_list *args);
BIG_FRAME_BEGIN
void kvprintf(const char *format, va_list *args)
{
	stack_mark();
	for (; *format; format++) {
		if (*format == '%')
			format = convert(format + 1, args);
		else
			put(*format);
	}
}
BIG_FRAME_END

BIG_FRAME_BEGIN
void kprintf(const char *format, ...)
{
	va_list args;
	stack_mark();
	va_start(args, format);
	kvprintf(format, &args);
	va_end(args);
}
BIG_FRAME_END
