/* Takes newc cpio archives apart: see unpack.h. Format: cpio(5), "New ASCII Format". */
#include "machine/archive_read.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADER_SIZE 110
#define MAGIC	    "070701"

/* Where in the header the fields stand that are needed here, eight hex digits each. */
enum { MODE_AT = 14, SIZE_AT = 54, NAME_SIZE_AT = 94 };

struct reader {
	const char *file, *folder;
	const char *data;
	size_t size, at;
	struct error *error;
};

struct entry {
	const char *name, *data;
	size_t size;
	unsigned mode;
};

static int damaged(const struct reader *reader, const char *what)
{
	return error_set(reader->error, "%s: byte %zu: %s", reader->file, reader->at, what);
}

static bool hex(const char *digits, size_t *value)
{
	*value = 0;
	for (int i = 0; i < 8; i++) {
		const char *all = "0123456789abcdef0123456789ABCDEF";
		const char *found = digits[i] ? strchr(all, digits[i]) : NULL;

		if (!found)
			return false;
		*value = *value << 4 | ((size_t)(found - all) & 15);
	}
	return true;
}

/* The next `size` bytes and the padding behind them; NULL: so much is not there. */
static const char *take(struct reader *reader, size_t size)
{
	const char *here = reader->data + reader->at;

	if (size > reader->size - reader->at)
		return NULL;
	reader->at += size;
	while (reader->at % 4 && reader->at < reader->size)
		reader->at++;
	return here;
}

static int read_entry(struct reader *reader, struct entry *entry)
{
	const char *header = reader->data + reader->at;
	size_t mode, name_size;

	if (reader->size - reader->at < HEADER_SIZE || memcmp(header, MAGIC, strlen(MAGIC)) != 0)
		return damaged(reader, "no newc cpio header");
	if (!hex(header + MODE_AT, &mode) || !hex(header + SIZE_AT, &entry->size) ||
	    !hex(header + NAME_SIZE_AT, &name_size))
		return damaged(reader, "a number of the cpio header is not hexadecimal");
	/* Header and name are padded together. */
	if (!take(reader, HEADER_SIZE + name_size) || !name_size ||
	    header[HEADER_SIZE + name_size - 1])
		return damaged(reader, "the name of a cpio entry has no end");
	entry->name = header + HEADER_SIZE;
	entry->mode = (unsigned)mode;
	entry->data = take(reader, entry->size);
	return entry->data ? 0 : damaged(reader, "a cpio entry is cut short");
}

/* Nothing may land outside of the folder. */
static bool name_is_safe(const char *name)
{
	if (name[0] == '/' || !name[0])
		return false;
	for (const char *part = name;; part = strchr(part, '/') + 1) {
		if (!strncmp(part, "..", 2) && (part[2] == '/' || !part[2]))
			return false;
		if (!strchr(part, '/'))
			return true;
	}
}

static int write_file(const struct reader *reader, const struct entry *entry, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0755);
	size_t done = 0;
	ssize_t size = 0;

	while (fd >= 0 && done < entry->size && size >= 0) {
		size = write(fd, entry->data + done, entry->size - done);
		done += size > 0 ? (size_t)size : 0;
		if (size < 0 && errno == EINTR)
			size = 0;
	}
	if (fd < 0 || size < 0 || close(fd))
		return error_set(reader->error, "cannot write %s: %s", path, strerror(errno));
	return 0;
}

static int write_entry(const struct reader *reader, const struct entry *entry)
{
	char *path;
	int result = 0;

	if (!name_is_safe(entry->name))
		return damaged(reader, "the name of a cpio entry leads out of its folder");
	path = path_join(reader->folder, entry->name);
	if (S_ISDIR(entry->mode) && mkdir(path, 0755) && errno != EEXIST)
		result = error_set(reader->error, "cannot make %s: %s", path, strerror(errno));
	else if (S_ISREG(entry->mode))
		result = write_file(reader, entry, path);
	else if (!S_ISDIR(entry->mode))
		result = damaged(reader, "a cpio entry is neither file nor folder");
	free(path);
	return result;
}

/* Between archives there may be zeros. */
static void skip_zeros(struct reader *reader)
{
	while (reader->at < reader->size && !reader->data[reader->at])
		reader->at++;
}

int archive_unpack(const char *file, const char *folder, struct error *error)
{
	struct reader reader = {.file = file, .folder = folder, .error = error};
	char *data = file_read(file, &reader.size, error);
	struct entry entry;
	int result = data ? 0 : -1;

	reader.data = data;
	while (result == 0 && reader.at < reader.size) {
		result = read_entry(&reader, &entry);
		if (result == 0 && strcmp(entry.name, "TRAILER!!!") != 0)
			result = write_entry(&reader, &entry);
		else if (result == 0)
			skip_zeros(&reader);
	}
	free(data);
	return result;
}
