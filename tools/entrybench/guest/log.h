/* The console of a guest in a file, which is there only once it is complete. */
#ifndef GUEST_LOG_H
#define GUEST_LOG_H

#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

struct log {
	FILE *file;
	char *path, *fresh;
	size_t size;
	int problem; /* errno of the first failing write */
};

/* Later consoles than this are cut: a guest may talk for ever. */
#define LOG_MAX (16 << 20)

int log_open(struct log *log, const char *path, struct error *error);
void log_write(struct log *log, const void *data, size_t size);

/* Gives the file its name. -1 with error set where anything could not be written. */
int log_keep(struct log *log, struct error *error);

/* Removes it. A log that is not open does no harm here. */
void log_drop(struct log *log);

#endif
