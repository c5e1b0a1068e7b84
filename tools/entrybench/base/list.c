/* Lists, and texts that are kept once. */
#include "base/base.h"

void *list_grow(void *list, size_t size)
{
	struct list *items = list;
	size_t room = items->count + 1;
	char *fresh;

	/* Doubled at powers of two: the room follows from the count. */
	if ((room & (room - 1)) == 0)
		items->at = g_realloc_n(items->at, 2 * room, size);
	fresh = (char *)items->at + items->count++ * size;
	return memset(fresh, 0, 2 * size);
}

void strings_add(struct strings *list, const char *text)
{
	*(char **)list_grow(list, sizeof(char *)) = g_strdup(text);
}

void strings_addf(struct strings *list, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	*(char **)list_grow(list, sizeof(char *)) = g_strdup_vprintf(format, arguments);
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

const char *intern(const char *text)
{
	static GStringChunk *all;

	if (!all)
		all = g_string_chunk_new(4096);
	return text ? g_string_chunk_insert_const(all, text) : NULL;
}
