/* The program's file descriptors, and the open files that they name. */
#include "file/fs.h"
#include "lib/lib.h"
#include "syscall/syscall.h"

static struct open_file files[MAX_FILES];
static struct descriptor {
	struct open_file *file; /* NULL: not in use */
	bool close_on_exec;
} descriptors[MAX_FILES];

void file_share_as(struct open_file *file, u64 fd, bool close_on_exec)
{
	file->users++;
	if (descriptors[fd].file)
		file_close(fd);
	descriptors[fd].file = file;
	descriptors[fd].close_on_exec = close_on_exec;
}

void files_reset(void)
{
	memset(files, 0, sizeof(files));
	memset(descriptors, 0, sizeof(descriptors));
	files[0].kind = OPEN_INPUT;
	files[1].kind = OPEN_OUTPUT;
	file_share_as(&files[0], 0, false);
	file_share_as(&files[1], 1, false);
	file_share_as(&files[1], 2, false);
}

/* A descriptor is an int to Linux: what ring 3 left in the register's upper half does not count. */
static struct descriptor *descriptor_at(u64 fd)
{
	u32 at = fd;
	return at < MAX_FILES ? &descriptors[index_nospec(at, MAX_FILES)] : NULL;
}

struct open_file *file_at(u64 fd)
{
	const struct descriptor *descriptor = descriptor_at(fd);
	return descriptor ? descriptor->file : NULL;
}

bool *file_close_on_exec(u64 fd)
{
	return &descriptor_at(fd)->close_on_exec;
}

void file_close(u64 fd)
{
	struct descriptor *descriptor = descriptor_at(fd);
	if (!--descriptor->file->users)
		descriptor->file->kind = OPEN_NOT;
	descriptor->file = NULL;
}

s64 file_share(struct open_file *file, u64 lowest, bool close_on_exec)
{
	for (u64 fd = lowest; fd < MAX_FILES; fd++) {
		if (descriptors[fd].file)
			continue;
		file_share_as(file, fd, close_on_exec);
		return fd;
	}
	return -EMFILE;
}

s64 file_open(const struct node *node, bool close_on_exec)
{
	/* there are as many of both, so a free descriptor has a free file */
	for (unsigned i = 0; i < MAX_FILES; i++) {
		if (files[i].kind != OPEN_NOT)
			continue;
		files[i].kind = OPEN_NODE;
		files[i].node = *node;
		files[i].position = 0;
		s64 fd = file_share(&files[i], 0, close_on_exec);
		if (fd < 0)
			files[i].kind = OPEN_NOT;
		return fd;
	}
	return -EMFILE;
}
