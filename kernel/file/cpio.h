/* Files of the initrd, where they lie in its archive. */
#ifndef KERNEL_CPIO_H
#define KERNEL_CPIO_H

#include "lib/types.h"

/* A file of the initrd, in place. */
struct file {
	const u8 *data;
	u64 size;
};

/* Checks a whole newc archive (or several in a row); NULL, or what is wrong with it. */
const char *cpio_check(const u8 *archive, u64 size);

/* The regular file of that name in a checked archive; the last one of several wins, as on Linux. */
bool cpio_find(const u8 *archive, u64 size, const char *name, struct file *file);

/*
 * What has the path *path (`length` bytes, no slash at either end): a file, or a directory that is
 * an entry itself or the beginning of another's name. *path then points to it in the archive.
 */
enum cpio_kind { CPIO_NOTHING, CPIO_FILE, CPIO_DIRECTORY };
enum cpio_kind cpio_look(const u8 *archive, u64 size, const char **path, size_t length,
			 struct file *file);

#endif
