/* The program's file descriptors, and the open files that they name. */
#include "file/open_file.h"
#include "lib/lib.h"
#include "syscall/syscall.h"
#include "task/process.h"
#include "task/task.h"

static struct open_file files[MAX_FILES];
static struct descriptor {
	struct open_file *file; /* NULL: not in use */
	bool close_on_exec;
} descriptors[MAX_FILES];

void file_put(struct open_file *file)
{
	if (--file->users)
		return;
	epoll_forget(file);
	if (file->ops->release)
		file->ops->release(file);
	file->ops = NULL;
}

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
	for (unsigned i = 0; i < MAX_FILES; i++) {
		files[i].users = 1;
		if (files[i].ops)
			file_put(&files[i]);
	}
	memset(files, 0, sizeof(files));
	memset(descriptors, 0, sizeof(descriptors));
	tmp_reset();
	file_share_as(file_make(&input_ops, O_RDONLY), 0, false);
	file_share_as(file_make(&console_ops, O_WRONLY), 1, false);
	struct open_file *error = file_make(&console_ops, O_WRONLY);
	error->object = error; /* not NULL: write_console() tells them apart by it */
	file_share_as(error, 2, false);
	console_reset();
}

u64 file_limit(void)
{
	u64 limit = process.limits[RLIMIT_NOFILE].now;
	return limit < MAX_FILES ? limit : MAX_FILES;
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
	struct open_file *file = descriptor->file;
	descriptor->file = NULL;
	file_put(file);
}

struct open_file *file_make(const struct file_ops *ops, u32 flags)
{
	/* waiting calls hold some that no descriptor names any more, so they can run out first */
	for (unsigned i = 0; i < MAX_FILES; i++) {
		struct open_file *file = &files[i];
		if (file->ops)
			continue;
		memset(file, 0, sizeof(*file));
		file->ops = ops;
		file->flags = flags & (O_ACCMODE | O_APPEND | O_NONBLOCK);
		return file;
	}
	return NULL;
}

s64 file_share(struct open_file *file, u64 lowest, bool close_on_exec)
{
	for (u64 fd = lowest; fd < file_limit(); fd++) {
		if (descriptors[fd].file)
			continue;
		file_share_as(file, fd, close_on_exec);
		return fd;
	}
	return -EMFILE;
}

s64 file_install(struct open_file *file, bool close_on_exec)
{
	s64 fd;
	file->users = 1;
	fd = file_share(file, 0, close_on_exec);
	file_put(file);
	return fd;
}

/* ---- waiting ---- */

u32 file_ready(const struct open_file *file)
{
	return file->ops->ready ? file->ops->ready(file) : POLL_ALL;
}

static unsigned waiting;

void file_changed(struct open_file *file)
{
	file->changes++;
	for (unsigned i = 0; waiting && i < MAX_TASKS; i++)
		if (tasks[i].waits_for_file)
			task_wake(&tasks[i]);
}

s64 file_wait(u64 deadline)
{
	struct task *task = current;
	task->waits_for_file = true;
	waiting++;
	s64 result = task_wait(deadline);
	waiting--;
	task->waits_for_file = false;
	return result;
}
