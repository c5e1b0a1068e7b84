/* A text that grows while it is printed to. */
#include "base/base.h"

FILE *text_open(struct text *text)
{
	*text = (struct text){0};
	text->out = open_memstream(&text->at, &text->size);
	if (!text->out)
		g_error("out of memory");
	return text->out;
}

char *text_take(struct text *text)
{
	if (fclose(text->out))
		g_error("out of memory");
	return text->at;
}
