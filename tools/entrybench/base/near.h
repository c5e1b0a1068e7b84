/* What a word that nobody knows may have meant. */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include "base/memory.h"

/* "; did you mean a, b?" or "", from those of the names that are near to the word. g_free() it. */
char *did_you_mean(const char *word, const struct strings *names);

#endif
