/* Allocation: see memory.h. */
#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *memory)
{
	if (!memory) {
		fputs("entrybench: out of memory\n", stderr);
		abort();
	}
	return memory;
}

void *memory_new(size_t count, size_t size)
{
	return checked(calloc(count ? count : 1, size));
}

void *memory_grow(void *array, size_t count, size_t size)
{
	/* Doubling at powers of two: the capacity follows from the count. */
	if ((count & (count - 1)) == 0) {
		size_t capacity = count ? 2 * count : 1;

		if (capacity > SIZE_MAX / size)
			abort();
		array = checked(realloc(array, capacity * size));
	}
	memset((char *)array + count * size, 0, size);
	return array;
}

char *memory_copy(const char *text)
{
	return checked(strdup(text));
}

static char *format_list(const char *format, va_list arguments)
{
	char *text;

	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	return checked(text);
}

char *memory_format(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = format_list(format, arguments);
	va_end(arguments);
	return text;
}

static void add_owned(struct strings *list, char *text)
{
	/* One item beyond the count, so that the list ends with NULL. */
	if (!list->at)
		list->at = memory_grow(list->at, 0, sizeof(*list->at));
	list->at = memory_grow(list->at, list->count + 1, sizeof(*list->at));
	list->at[list->count++] = text;
}

void strings_add(struct strings *list, const char *text)
{
	add_owned(list, memory_copy(text));
}

void strings_addf(struct strings *list, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add_owned(list, format_list(format, arguments));
	va_end(arguments);
}

bool strings_have(const struct strings *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->at[i], text))
			return true;
	return false;
}

void strings_free(struct strings *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->at[i]);
	free(list->at);
	*list = (struct strings){0};
}
