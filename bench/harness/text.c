/*
 * The few text and memory functions that a program without a C library needs.
 */
#include "text.h"

void *memcpy(void *to, const void *from, size_t size)
{
	return memmove(to, from, size);
}

void *memmove(void *to, const void *from, size_t size)
{
	char *out = to;
	const char *in = from;

	if ((uintptr_t)to <= (uintptr_t)from) {
		for (size_t i = 0; i < size; i++)
			out[i] = in[i];
	} else {
		while (size-- > 0)
			out[size] = in[size];
	}
	return to;
}

void *memset(void *to, int value, size_t size)
{
	char *out = to;

	for (size_t i = 0; i < size; i++)
		out[i] = (char)value;
	return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
	const unsigned char *left = a, *right = b;

	for (size_t i = 0; i < size; i++)
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	return 0;
}

size_t text_length(const char *text)
{
	size_t length = 0;

	while (text[length] != '\0')
		length++;
	return length;
}

bool text_equal(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

bool text_starts(const char *text, const char *start)
{
	while (*start != '\0' && *text == *start) {
		text++;
		start++;
	}
	return *start == '\0';
}

size_t text_from_unsigned(char *out, uint64_t value)
{
	char backwards[TEXT_NUMBER_MAX];
	size_t length = 0;

	do {
		backwards[length++] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	for (size_t i = 0; i < length; i++)
		out[i] = backwards[length - 1 - i];
	out[length] = '\0';
	return length;
}

size_t text_from_signed(char *out, int64_t value)
{
	if (value >= 0)
		return text_from_unsigned(out, (uint64_t)value);
	out[0] = '-';
	return 1 + text_from_unsigned(out + 1, 0 - (uint64_t)value);
}

bool text_to_number(const char *text, uint64_t max, uint64_t *value)
{
	uint64_t sum = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		uint64_t digit = (uint64_t)(*text - '0');
		if (sum > (max - digit) / 10 || digit > max)
			return false;
		sum = sum * 10 + digit;
	}
	*value = sum;
	return true;
}
