/* A text that grows while it is printed to. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdio.h>

struct text {
	char *at;
	size_t size;
	FILE *out;
};

/* Print to what it returns. Ends the tool where memory is out. */
FILE *text_open(struct text *text);

/* Closes; the caller frees the string. */
char *text_take(struct text *text);

#endif
