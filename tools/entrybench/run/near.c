/* What an unknown name may have meant. */
#include "run/select.h"

#include <stdlib.h>
#include <string.h>

#define WORD_MAX  64
#define NEAR_MAX  3
#define NEAR_FROM 3 /* so many edits away is still near */

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned least = a < b ? a : b;

	return least < c ? least : c;
}

/* Levenshtein's distance, row by row; words are cut to WORD_MAX. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[WORD_MAX + 1];
	size_t a_size = strnlen(a, WORD_MAX), b_size = strnlen(b, WORD_MAX);

	for (size_t j = 0; j <= b_size; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= a_size; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_size; j++) {
			unsigned above = row[j];

			row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[b_size];
}

/* How far a name is from the word. A part of a name is as near as the farthest that counts. */
static unsigned away(const char *word, const char *name)
{
	unsigned edits = distance(word, name);

	if (edits > NEAR_FROM && strlen(word) > 2 && strstr(name, word))
		return NEAR_FROM;
	/* As many edits as letters: nothing is left of the name. */
	return edits >= strlen(name) ? NEAR_FROM + 1 : edits;
}

char *near_matches(const char *word, const struct strings *names)
{
	char *text = memory_copy("");
	unsigned nearest = NEAR_FROM, found = 0;

	for (size_t i = 0; i < names->count; i++)
		if (away(word, names->at[i]) < nearest)
			nearest = away(word, names->at[i]);
	for (size_t i = 0; i < names->count && found < NEAR_MAX; i++) {
		char *longer;

		if (away(word, names->at[i]) != nearest)
			continue;
		longer =
		    memory_format("%s%s%s", text, found++ ? ", " : "; did you mean ", names->at[i]);
		free(text);
		text = longer;
	}
	if (found) {
		char *whole = memory_format("%s?", text);

		free(text);
		text = whole;
	}
	return text;
}
