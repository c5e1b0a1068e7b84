/* Files that are there whole or not at all, and folders. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>

#include "base/error.h"

/* "DIR/NAME"; free it. */
char *path_join(const char *dir, const char *name);

/*
 * A name for a file from any text, another one for every other text: letters, digits and "._=+:-" stay, the rest becomes
 * %XX; where it would be too long, its end becomes a checksum. Free it.
 */
char *path_safe(const char *text);

/* The same from several texts up to a NULL, with dots between them: other names for all other lists of texts. Free it. */
char *path_safe_parts(const char *text, ...) __attribute__((sentinel));

/* Makes DIR and the folders above it where they are missing. */
int folder_make(const char *dir, struct error *error);

/* Removes a folder with all that is in it; what is not there is no error. */
void folder_remove(const char *dir);

/*
 * Takes a folder for this process alone, until it ends. -1 with error that names the process which has it. 0 as well where
 * the file system has no locks.
 */
int folder_lock(const char *dir, struct error *error);

/* One folder for all temporary files of the tool, in $TMPDIR or /tmp; made when it is needed. NULL with error set. */
const char *scratch_folder(struct error *error);

/* A new folder in it; free the path. NULL with error set. */
char *scratch_new(struct error *error);

/* Removes everything; main() calls it at exit. */
void scratch_remove(void);

/* Writes DIR/NAME to a new file, then renames it: a reader sees the old or the new one, never a half. */
int file_replace(const char *dir, const char *name, const void *data, size_t size,
		 struct error *error);

/* The whole of a regular file, with a NUL after it; NULL with error set. Free it. size may be NULL. */
char *file_read(const char *path, size_t *size, struct error *error);

#endif
