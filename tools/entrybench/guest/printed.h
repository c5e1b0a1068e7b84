/* What the programs of a guest print: the console without records and without what their kernel says. */
#ifndef GUEST_PRINTED_H
#define GUEST_PRINTED_H

#include <stdbool.h>
#include <stdio.h>

struct printed {
	FILE *to;   /* NULL: nobody wants it */
	bool keeps; /* `to` is memory: text and size */
	char *text;
	size_t size;
};

/* More than this is not kept: a guest may talk for ever. */
#define PRINTED_MAX (16 << 20)

/* Passes all on as it comes. */
void printed_pass_on(struct printed *printed, FILE *to);

/* Keeps all until printed_show(). */
void printed_keep(struct printed *printed);

void printed_add(struct printed *printed, const char *bytes, size_t size);

/* Writes what was kept, and a newline where it ends without one. */
void printed_show(struct printed *printed, FILE *to);

/* Forgets what was kept. One that was never opened does no harm here. */
void printed_free(struct printed *printed);

#endif
