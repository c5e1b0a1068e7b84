/* Near words. */
#include "base/base.h"

#define NAMES_MAX 3
#define EDITS_MAX 3 /* so many edits away is still near */

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
