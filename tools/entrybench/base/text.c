/* Error lines, lists, texts that are kept once, and near words. */
#include "base/base.h"

#include <malloc.h>
#include <wctype.h>

#define NAMES_MAX 3
#define EDITS_MAX 3 /* so many edits away is still near */

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

/* Levenshtein's distance, row by row. */
static unsigned distance(const char *a, const char *b)
{
	size_t size = strlen(b);
	g_autofree unsigned *row = g_new(unsigned, size + 1);

	for (size_t j = 0; j <= size; j++)
		row[j] = (unsigned)j;
	for (size_t i = 0; a[i]; i++) {
		unsigned diagonal = row[0]++;

		for (size_t j = 0; j < size; j++) {
			unsigned changed = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			row[j + 1] = MIN(changed, MIN(diagonal, row[j]) + 1);
		}
	}
	return row[size];
}

/* How far a name is from the word. A part of a name is as near as the farthest that counts. */
static unsigned away(const char *word, const char *name)
{
	unsigned edits = distance(word, name);

	if (edits > EDITS_MAX && strlen(word) > 2 && strstr(name, word))
		return EDITS_MAX;
	/* As many edits as letters: nothing is left of the name. */
	return edits >= strlen(name) ? EDITS_MAX + 1 : edits;
}

char *did_you_mean(const char *word, const struct strings *names)
{
	g_autoptr(GString) text = g_string_new(NULL);
	unsigned nearest = EDITS_MAX, found = 0;

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
