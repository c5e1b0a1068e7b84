/* Writes newc cpio archives, the form of an initrd. Archives may stand one after the other in a file. */
#ifndef MACHINE_ARCHIVE_WRITE_H
#define MACHINE_ARCHIVE_WRITE_H

#include <stddef.h>

#include "base/error.h"
#include "base/memory.h"

struct archive {
	char *data;
	size_t size, room;
	unsigned inode;
	struct strings folders; /* made so far */
};

/* Adds a file that all may run (mode 0755), and the folders that its name has for the first time. */
void archive_add(struct archive *archive, const char *name, const void *data, size_t size);

/* The same with the content of a file of the host. */
int archive_add_file(struct archive *archive, const char *name, const char *path,
		     struct error *error);

/* Closes the archive; nothing can be added after it. */
void archive_finish(struct archive *archive);

void archive_free(struct archive *archive);

#endif
