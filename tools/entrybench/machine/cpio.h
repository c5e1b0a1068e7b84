/* newc cpio archives by libarchive: the form of an initrd, which may be several of them, one behind the other. */
#ifndef MACHINE_CPIO_H
#define MACHINE_CPIO_H

#include <glib.h>

#include "base/error.h"

/* An archive that is being written, into memory. */
struct cpio;

struct cpio *cpio_new(void);

/* Adds a file that all may run (mode 0755), and the folders that its name has for the first time. -1 with error. */
int cpio_add(struct cpio *cpio, const char *name, const void *data, size_t size,
	     struct error *error);

/* The same with the content of a file of the host. */
int cpio_add_file(struct cpio *cpio, const char *name, const char *path, struct error *error);

/* Closes the archive and frees the writer. Unref what comes back. */
GByteArray *cpio_finish(struct cpio *cpio);

/*
 * Writes what is in the archives of FILE into a folder that is there: folders and plain files only, nothing outside of
 * the folder or through a link. 0, or -1 with error set; what was written until then stays.
 */
int cpio_unpack(const char *file, const char *folder, struct error *error);

#endif
