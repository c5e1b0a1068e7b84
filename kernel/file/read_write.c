/* read and write with their kin: standard output and error are the console, standard input is empty. */
#include "dev/dev.h"
#include "entry/erase.h"
#include "file/fs.h"
#include "mm/mm.h"
#include "syscall/syscall.h"

#define MAX_RW	0x7ffff000 /* bytes of one call, as Linux */
#define MAX_IOV 1024

struct iovec {
	u64 base, length;
};

static u64 write_console(u64 from, u64 n)
{
	static char buffer[512]; /* not on the stack: its content would be the erase's to find */
	u64 done = 0;
	while (done < n) {
		u64 part = n - done < sizeof(buffer) ? n - done : sizeof(buffer);
		u64 got = copy_from_user_upto(buffer, from + done, part);
		console_write(buffer, got);
		done += got;
		if (got < part)
			break;
	}
	return done;
}

/* From `position` of a file to ring 3; how many bytes. */
static u64 read_file(const struct file *file, u64 position, u64 to, u64 n)
{
	if (position >= file->size)
		return 0;
	if (n > file->size - position)
		n = file->size - position;
	return copy_to_user_upto(to, file->data + position, n);
}

/* Whether a file can be read (or written): 0, or the errno of one that cannot. */
static s64 check_read(const struct open_file *file)
{
	if (!file || file->kind == OPEN_OUTPUT)
		return -EBADF;
	return file->kind == OPEN_NODE && file->node.type == NODE_DIRECTORY ? -EISDIR : 0;
}

static s64 check_write(const struct open_file *file)
{
	return file && file->kind == OPEN_OUTPUT ? 0 : -EBADF;
}

/* At most MAX_RW bytes; a wrong address is an error only when it keeps even the first byte from passing. */
static s64 read_some(const struct open_file *file, u64 position, u64 to, u64 n)
{
	if (!user_range(to, n))
		return -EFAULT;
	if (n > MAX_RW)
		n = MAX_RW;
	if (file->kind != OPEN_NODE || !n || position >= file->node.file.size)
		return 0;
	u64 done = read_file(&file->node.file, position, to, n);
	return done ? (s64)done : -EFAULT;
}

static s64 write_some(u64 from, u64 n)
{
	if (!user_range(from, n))
		return -EFAULT;
	if (n > MAX_RW)
		n = MAX_RW;
	u64 done = write_console(from, n);
	return done || !n ? (s64)done : -EFAULT;
}

s64 sys_read(struct pt_regs *regs)
{
	struct open_file *file = file_at(regs->di);
	s64 n = check_read(file);
	if (!n)
		n = read_some(file, file->position, regs->si, regs->dx);
	if (n > 0)
		file->position += n;
	return n;
}

s64 sys_pread64(struct pt_regs *regs)
{
	struct open_file *file = file_at(regs->di);
	if ((s64)regs->r10 < 0)
		return -EINVAL;
	if (file && file->kind != OPEN_NODE)
		return -ESPIPE;
	s64 error = check_read(file);
	return error ? error : read_some(file, regs->r10, regs->si, regs->dx);
}

s64 sys_write(struct pt_regs *regs)
{
	s64 error = check_write(file_at(regs->di));
	return error ? error : write_some(regs->si, regs->dx);
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

/* Moves each part, by reading into it (`file`) or writing it to the console (NULL), until one is not moved whole. */
BIG_FRAME_BEGIN
static s64 move_iov(struct open_file *file, u64 at, u32 count)
{
	struct iovec iov;
	s64 done = 0;
	stack_mark();
	for (; count && done < MAX_RW; count--, at += sizeof(iov)) {
		if (!copy_from_user(&iov, at, sizeof(iov)))
			return done ? done : -EFAULT;
		if (iov.length > (u64)(MAX_RW - done))
			iov.length = MAX_RW - done;
		s64 n = file ? read_some(file, file->position, iov.base, iov.length)
			     : write_some(iov.base, iov.length);
		if (n < 0)
			return done ? done : n;
		done += n;
		if (file)
			file->position += n;
		if ((u64)n < iov.length)
			break;
	}
	return done;
}
BIG_FRAME_END

s64 sys_readv(struct pt_regs *regs)
{
	struct open_file *file = file_at(regs->di);
	s64 error = check_read(file);
	if (!error)
		error = check_iov(regs->si, regs->dx);
	return error ? error : move_iov(file, regs->si, regs->dx);
}

s64 sys_writev(struct pt_regs *regs)
{
	s64 error = check_write(file_at(regs->di));
	if (!error)
		error = check_iov(regs->si, regs->dx);
	return error ? error : move_iov(NULL, regs->si, regs->dx);
}
