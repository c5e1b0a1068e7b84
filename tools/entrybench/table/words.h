/* The title of a column of differences. */
#ifndef TABLE_WORDS_H
#define TABLE_WORDS_H

#include "model/row.h"

/* "vs NAME", or "vs reference" where the machine's cells have several. Free it. */
char *table_delta_title(const struct rows *rows, const char *machine);

/* What figure/matrix.c writes on a bar; goes with that. Free each. */
struct row_texts {
	char *estimate, *delta;
};
struct row_texts table_texts(const struct row *row);
void table_texts_free(struct row_texts *texts);

#endif
