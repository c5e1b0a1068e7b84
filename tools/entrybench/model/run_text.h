/* Saving one run again and again as it grows: what has not changed is not made into text again. */
#ifndef MODEL_RUN_TEXT_H
#define MODEL_RUN_TEXT_H

#include "model/run.h"

/* The lines of the cells; zeroed at first. */
struct run_text {
	char **cells; /* NULL: to be made anew */
	size_t count;
};

/* The cell of that number has changed since it was saved. */
void run_text_forget(struct run_text *text, size_t cell);

/* As run_save(). */
int run_text_save(struct run_text *text, const struct run *run, const char *dir,
		  struct error *error);

void run_text_free(struct run_text *text);

#endif
