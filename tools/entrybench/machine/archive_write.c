/* newc cpio archives: see newc.h. Format: cpio(5), "New ASCII Format". */
#include "machine/archive_write.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define HEADER_SIZE 110

static void append(struct archive *archive, const void *data, size_t size)
{
	if (archive->size + size > archive->room) {
		archive->room = 2 * (archive->size + size);
		archive->data = realloc(archive->data, archive->room);
		if (!archive->data)
			abort();
	}
	memcpy(archive->data + archive->size, data, size);
	archive->size += size;
}

/* Header with name, and data, each start on a multiple of four bytes. */
static void pad(struct archive *archive)
{
	static const char zeros[4];

	append(archive, zeros, -archive->size & 3);
}

static void add_entry(struct archive *archive, const char *name, unsigned mode, const void *data,
		      size_t size)
{
	unsigned inode = ++archive->inode, links = S_ISDIR(mode) ? 2 : 1;
	char header[HEADER_SIZE + 1];

	/* magic, inode, mode, uid, gid, links, mtime, size, 4 device numbers, size of name, check */
	snprintf(header, sizeof(header),
		 "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", inode, mode, 0, 0,
		 links, 0, (unsigned)size, 0, 0, 0, 0, (unsigned)strlen(name) + 1, 0);
	append(archive, header, HEADER_SIZE);
	append(archive, name, strlen(name) + 1);
	pad(archive);
	append(archive, data, size);
	pad(archive);
}

/* Linux makes no folder by itself when it unpacks a file. */
static void add_folders(struct archive *archive, const char *name)
{
	for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
		char *folder = memory_format("%.*s", (int)(slash - name), name);

		if (!strings_have(&archive->folders, folder)) {
			add_entry(archive, folder, S_IFDIR | 0755, "", 0);
			strings_add(&archive->folders, folder);
		}
		free(folder);
	}
}

void archive_add(struct archive *archive, const char *name, const void *data, size_t size)
{
	add_folders(archive, name);
	add_entry(archive, name, S_IFREG | 0755, data, size);
}

int archive_add_file(struct archive *archive, const char *name, const char *path,
		     struct error *error)
{
	size_t size;
	char *data = file_read(path, &size, error);

	if (!data)
		return -1;
	if (size > 0x7fffffff) {
		free(data);
		return error_set(error, "%s: too large for an initrd", path);
	}
	archive_add(archive, name, data, size);
	free(data);
	return 0;
}

void archive_finish(struct archive *archive)
{
	add_entry(archive, "TRAILER!!!", 0, "", 0);
}

void archive_free(struct archive *archive)
{
	strings_free(&archive->folders);
	free(archive->data);
	*archive = (struct archive){0};
}
