/* Error lines, lists, texts that are kept once, and near words. */
#include "base/base.h"

#include <malloc.h>
#include <wctype.h>

#define NAMES_MAX 3
#define EDITS_MAX 3 /* so many letters changed are still near */

int error_set(struct error *error, const char *format, ...)
{
	va_list arguments;

	if (error) {
		va_start(arguments, format);
		vsnprintf(error->text, sizeof(error->text), format, arguments);
		va_end(arguments);
	}
	return -1;
}

void *list_grow(void *list, size_t size)
{
	struct list *items = list;
	size_t needed = items->count + 2;
	char *fresh;

	/* Lists of one or two are many: they get no more than they need. */
	if (malloc_usable_size(items->at) < needed * size)
		items->at = g_realloc_n(items->at, needed < 4 ? needed : 2 * needed, size);
	fresh = (char *)items->at + items->count++ * size;
	return memset(fresh, 0, 2 * size);
}

void list_trim(void *list, size_t size)
{
	struct list *items = list;

	if (items->count)
		items->at = g_realloc_n(items->at, items->count, size);
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

void strings_copy(struct strings *to, const struct strings *from)
{
	for (size_t i = 0; i < from->count; i++)
		strings_add(to, from->at[i]);
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

/*
 * How many letters in a row make the difference between name and word. A part of a name is as near
 * as the farthest that counts.
 */
static size_t away(const char *word, const char *name)
{
	size_t size = strlen(word), end = strlen(name), least = MIN(size, end), head = 0, tail = 0;

	while (head < least && word[head] == name[head])
		head++;
	while (tail < least - head && word[size - tail - 1] == name[end - tail - 1])
		tail++;
	if (MAX(size, end) - head - tail > EDITS_MAX && size > 2 && strstr(name, word))
		return EDITS_MAX;
	/* Nothing is left of the name. */
	return head + tail ? MAX(size, end) - head - tail : EDITS_MAX + 1;
}

char *did_you_mean(const char *word, const struct strings *names)
{
	g_autoptr(GString) text = g_string_new(NULL);
	size_t nearest = EDITS_MAX, found = 0;

	for (size_t i = 0; i < names->count; i++)
		nearest = MIN(nearest, away(word, names->at[i]));
	for (size_t i = 0; i < names->count && found < NAMES_MAX; i++)
		if (away(word, names->at[i]) == nearest)
			g_string_append_printf(text, "%s%s", found++ ? ", " : "; did you mean ",
					       names->at[i]);
	return g_strconcat(text->str, found ? "?" : "", NULL);
}

/* ---- as a reader sees it ---- */

locale_t text_utf8(void)
{
	static locale_t utf8;

	if (!utf8)
		utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", NULL)
			   ?: newlocale(LC_CTYPE_MASK, "C", NULL);
	return utf8;
}

char *text_visible(const char *text)
{
	GString *visible = g_string_new(NULL);

	while (*text) {
		gunichar c = g_utf8_get_char_validated(text, -1);

		if (c >= (gunichar)-2 || c < 0x20 || c == 0x7f) {
			g_string_append_printf(visible, "\\x%02x", (unsigned char)*text++);
			continue;
		}
		if (c < 0x7f) {
			g_string_append_c(visible, *text++);
			continue;
		}
		/* GLib filters C1 controls and bidi overrides; the C library what has no width. */
		if (g_unichar_isprint(c) && iswprint_l(c, text_utf8()))
			g_string_append_unichar(visible, c);
		else
			g_string_append_printf(visible, "\\u{%x}", c);
		text = g_utf8_next_char(text);
	}
	return g_string_free(visible, false);
}
