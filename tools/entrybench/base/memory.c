/* Allocation. */
#include "base/base.h"

void *memory_new(size_t count, size_t size)
{
	return g_malloc0_n(MAX(count, 1), size);
}

void *memory_grow(void *array, size_t count, size_t size)
{
	/* Doubling at powers of two: the capacity follows from the count. */
	if ((count & (count - 1)) == 0)
		array = g_realloc_n(array, count ? 2 * count : 1, size);
	memset((char *)array + count * size, 0, size);
	return array;
}

char *memory_copy(const char *text)
{
	return g_strdup(text);
}

char *memory_format(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
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
	add_owned(list, g_strdup(text));
}

void strings_addf(struct strings *list, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add_owned(list, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

void strings_add_all(struct strings *list, const char *const *texts)
{
	for (; *texts; texts++)
		strings_add(list, *texts);
}

bool strings_have(const struct strings *list, const char *text)
{
	return list->at && g_strv_contains((const char *const *)list->at, text);
}

void strings_free(struct strings *list)
{
	g_strfreev(list->at);
	*list = (struct strings){0};
}
