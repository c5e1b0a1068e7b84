/*
 * read and write with their kin; standard output and error are the console, standard input is at
 * its end.
 */
#include <entrybench/record.h>

#include "dev/dev.h"
#include "entry/erase.h"
#include "file/open_file.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "syscall/syscall.h"

#define MAX_RW	0x7ffff000 /* bytes of one call, as Linux */
#define MAX_IOV 1024

struct iovec {
	u64 base, length;
};

enum direction { READ, WRITE };

/* ---- the console, and files of the archive ---- */

static bool to_error; /* what is on the console now was written to standard error */

/* The host is told when that changes: there is one console for both. */
static void choose_output(bool error)
{
	if (error == to_error)
		return;
	to_error = error;
	record_begin(EB_TYPE_OUTPUT);
	record_number("to", error ? 2 : 1);
	record_end();
}

void console_reset(void)
{
	to_error = false;
}

static s64 write_console(struct open_file *file, u64 position, u64 from, u64 n)
{
	static char buffer[512]; /* not on the stack: its content would be the erase's to find */
	u64 done = 0;
	(void)position;
	if (n)
		choose_output(file->object);
	while (done < n) {
		u64 part = n - done < sizeof(buffer) ? n - done : sizeof(buffer);
		u64 got = copy_from_user_upto(buffer, from + done, part);
		console_write(buffer, got);
		done += got;
		if (got < part)
			break;
	}
	return done || !n ? (s64)done : -EFAULT;
}

static s64 read_nothing(struct open_file *file, u64 position, u64 to, u64 n)
{
	(void)file, (void)position, (void)to, (void)n;
	return 0;
}

static s64 read_archive(struct open_file *file, u64 position, u64 to, u64 n)
{
	const struct file *content = &file->node.file;
	if (file->node.type == NODE_DIRECTORY)
		return -EISDIR;
	if (position >= content->size || !n)
		return 0;
	if (n > content->size - position)
		n = content->size - position;
	u64 done = copy_to_user_upto(to, content->data + position, n);
	return done ? (s64)done : -EFAULT;
}

#define CONSOLE_MODE (S_IFCHR | 0600)
const struct file_ops archive_ops = {.read = read_archive, .seeks = true};
const struct file_ops input_ops = {.read = read_nothing, .mode = CONSOLE_MODE};
const struct file_ops console_ops = {.write = write_console, .mode = CONSOLE_MODE};

/* ---- any file ---- */

/* 0, or the errno of a file that cannot be read or written. */
static s64 check(const struct open_file *file, enum direction direction)
{
	u32 not_for = direction == READ ? O_WRONLY : O_RDONLY;
	if (!file || (file->flags & O_ACCMODE) == not_for)
		return -EBADF;
	return (direction == READ ? file->ops->read : file->ops->write) ? 0 : -EINVAL;
}

/*
 * At most MAX_RW bytes; a wrong address is an error only when it keeps even the first byte from
 * passing.
 */
static s64 move(struct open_file *file, enum direction direction, u64 position, u64 user, u64 n)
{
	if (!user_range(user, n))
		return -EFAULT;
	if (n > MAX_RW)
		n = MAX_RW;
	if (direction == READ)
		return file->ops->read(file, position, user, n);
	return file->ops->write(file, position, user, n);
}

/*
 * The same from where the file is, which goes on. It stays even if another thread closes it
 * meanwhile.
 */
static s64 move_on(struct open_file *file, enum direction direction, u64 user, u64 n)
{
	if (direction == WRITE && file->flags & O_APPEND && file->node.tmp)
		file->position = tmp_size(file->node.tmp);
	file->users++;
	s64 done = move(file, direction, file->position, user, n);
	if (done > 0 && file->ops->seeks)
		file->position += done;
	file_put(file);
	return done;
}

s64 sys_read(const struct syscall_args *regs)
{
	struct open_file *file = file_at(regs->di);
	s64 error = check(file, READ);
	return error ? error : move_on(file, READ, regs->si, regs->dx);
}

s64 sys_write(const struct syscall_args *regs)
{
	struct open_file *file = file_at(regs->di);
	s64 error = check(file, WRITE);
	return error ? error : move_on(file, WRITE, regs->si, regs->dx);
}

static s64 move_at(const struct syscall_args *regs, enum direction direction)
{
	struct open_file *file = file_at(regs->di);
	if ((s64)regs->r10 < 0)
		return -EINVAL;
	if (file && !file->ops->seeks)
		return -ESPIPE;
	s64 error = check(file, direction);
	return error ? error : move(file, direction, regs->r10, regs->si, regs->dx);
}

s64 sys_pread64(const struct syscall_args *regs)
{
	return move_at(regs, READ);
}

s64 sys_pwrite64(const struct syscall_args *regs)
{
	return move_at(regs, WRITE);
}

/* All of the vector is checked before anything moves. Linux looks at 32 bits of the count. */
BIG_FRAME_BEGIN
static s64 check_iov(u64 at, u32 count)
{
	struct iovec iov;
	stack_mark();
	if (count > MAX_IOV)
		return -EINVAL;
	for (; count; count--, at += sizeof(iov)) {
		if (!copy_from_user(&iov, at, sizeof(iov)))
			return -EFAULT;
		if ((s64)iov.length < 0)
			return -EINVAL;
		if (!user_range(iov.base, iov.length))
			return -EFAULT;
	}
	return 0;
}
BIG_FRAME_END

/* Moves each part until one is not moved whole; what has moved something does not wait for more. */
BIG_FRAME_BEGIN
static s64 move_iov(struct open_file *file, enum direction direction, u64 at, u32 count)
{
	struct iovec iov;
	s64 done = 0;
	stack_mark();
	for (; count && done < MAX_RW; count--, at += sizeof(iov)) {
		if (!copy_from_user(&iov, at, sizeof(iov)))
			return done ? done : -EFAULT;
		if (iov.length > (u64)(MAX_RW - done))
			iov.length = MAX_RW - done;
		if (done && direction == READ && !(file_ready(file) & POLLIN))
			break;
		s64 n = move_on(file, direction, iov.base, iov.length);
		if (n < 0)
			return done ? done : n;
		done += n;
		if ((u64)n < iov.length)
			break;
	}
	return done;
}
BIG_FRAME_END

BIG_FRAME_BEGIN
static s64 move_vector(const struct syscall_args *regs, enum direction direction)
{
	struct open_file *file = file_at(regs->di);
	s64 result = check(file, direction);
	stack_mark();
	if (!result)
		result = check_iov(regs->si, regs->dx);
	if (result)
		return result;
	file->users++;
	result = move_iov(file, direction, regs->si, regs->dx);
	file_put(file);
	return result;
}
BIG_FRAME_END

s64 sys_readv(const struct syscall_args *regs)
{
	return move_vector(regs, READ);
}

s64 sys_writev(const struct syscall_args *regs)
{
	return move_vector(regs, WRITE);
}
