/* One folder for all temporary files of the tool, gone when it ends. */
#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

#include "base/error.h"

/* Makes the folder in $TMPDIR, or /tmp, at its first call. NULL with error set. */
const char *scratch_folder(struct error *error);

/* A new folder in it; free the path. NULL with error set. */
char *scratch_new(struct error *error);

/* Removes everything; main() calls it at exit. */
void scratch_remove(void);

#endif
