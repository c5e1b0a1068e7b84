/* A text that grows while it is printed to. */
#include "base/text.h"

#include <stdlib.h>

FILE *text_open(struct text *text)
{
	text->at = NULL;
	text->size = 0;
	text->out = open_memstream(&text->at, &text->size);
	if (!text->out) {
		fputs("entrybench: out of memory\n", stderr);
		abort();
	}
	return text->out;
}

char *text_take(struct text *text)
{
	if (fclose(text->out)) {
		fputs("entrybench: out of memory\n", stderr);
		abort();
	}
	return text->at;
}
