/* Files and folders: see file.h. */
#include "base/file.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *path_join(const char *dir, const char *name)
{
	return memory_format("%s/%s", dir, name);
}

char *path_safe(const char *text)
{
	static const char keep[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789._=+:-";
	char *safe = memory_copy(text);

	for (char *c = safe; *c; c++)
		if (!strchr(keep, *c))
			*c = '_';
	if (safe[0] == '.')
		safe[0] = '_';
	return safe;
}

int folder_make(const char *dir, struct error *error)
{
	char *path = memory_copy(dir);
	int result = 0;

	for (char *end = path + 1; result == 0 && *dir; end++) {
		char here = *end;

		if (here != '/' && here)
			continue;
		*end = 0;
		if (mkdir(path, 0777) && errno != EEXIST)
			result =
			    error_set(error, "cannot make folder %s: %s", path, strerror(errno));
		*end = here;
		if (!here)
			break;
	}
	free(path);
	return result;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	(void)status;
	(void)kind;
	(void)where;
	remove(path);
	return 0;
}

void folder_remove(const char *dir)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t done = write(fd, data, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		data += done;
		size -= (size_t)done;
	}
	return 0;
}

int file_replace(const char *dir, const char *name, const void *data, size_t size,
		 struct error *error)
{
	char *path = path_join(dir, name);
	char *fresh = memory_format("%s.new", path);
	int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	int result = fd < 0 ? -1 : write_all(fd, data, size);

	if (fd >= 0 && close(fd))
		result = -1;
	if (result == 0)
		result = rename(fresh, path);
	if (result) {
		error_set(error, "cannot write %s: %s", path, strerror(errno));
		if (fd >= 0)
			unlink(fresh);
	}
	free(fresh);
	free(path);
	return result;
}

char *file_read(const char *path, size_t *size, struct error *error)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t used = 0, room = 0, got;

	if (!file) {
		error_set(error, "cannot read %s: %s", path, strerror(errno));
		return NULL;
	}
	do {
		if (used + 1 >= room) {
			room = room ? 2 * room : 65536;
			text = realloc(text, room);
			if (!text)
				abort();
		}
		got = fread(text + used, 1, room - used - 1, file);
		used += got;
	} while (got);
	if (ferror(file)) {
		error_set(error, "cannot read %s: %s", path, strerror(errno));
		free(text);
		text = NULL;
	} else {
		text[used] = 0;
		if (size)
			*size = used;
	}
	fclose(file);
	return text;
}
