/* Files that are there whole or not at all, and folders. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>

#include "base/error.h"

/* "DIR/NAME"; free it. */
char *path_join(const char *dir, const char *name);

/* A name for a file from any text: letters, digits and "._=+:-" stay, the rest becomes '_'. Free it.
 */
char *path_safe(const char *text);

/* Makes DIR and the folders above it where they are missing. */
int folder_make(const char *dir, struct error *error);

/* Removes a folder with all that is in it; what is not there is no error. */
void folder_remove(const char *dir);

/* Writes DIR/NAME to a new file, then renames it: a reader sees the old or the new one, never a
 * half. */
int file_replace(const char *dir, const char *name, const void *data, size_t size,
		 struct error *error);

/* The whole file, with a NUL after it; NULL with error set. Free it. size may be NULL. */
char *file_read(const char *path, size_t *size, struct error *error);

#endif
