/* Opening, closing and positions of files; what a console that is no terminal says to ioctl. */
#include "entry/erase.h"
#include "file/open_file.h"
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "task/process.h"

#define SEEK_SET	0
#define SEEK_CUR	1
#define SEEK_END	2
#define SEEK_DATA	3
#define SEEK_HOLE	4
#define F_DUPFD		0
#define F_GETFD		1
#define F_SETFD		2
#define F_GETFL		3
#define F_SETFL		4
#define F_GETLK		5
#define F_SETLK		6
#define F_SETLKW	7
#define F_DUPFD_CLOEXEC 1030

/* What can be written is what node_is_read_only() does not say of. */
static s64 check_open(const struct node *node, u32 flags)
{
	bool directory = node->type == NODE_DIRECTORY, writes = (flags & O_ACCMODE) != O_RDONLY;
	if (flags & O_CREAT && flags & O_EXCL)
		return -EEXIST;
	if (directory && (writes || flags & O_CREAT))
		return -EISDIR;
	if ((writes || flags & O_TRUNC) && node_is_read_only(node))
		return node->special ? -EACCES : -EROFS;
	return flags & O_DIRECTORY && !directory ? -ENOTDIR : 0;
}

static s64 make_and_look(struct node *node, u32 flags, u32 mode)
{
	s64 error = fs_can_make(node);
	if (error)
		return error;
	if (fs_ends_in_slash())
		return -EISDIR;
	if (flags & O_DIRECTORY)
		return -EINVAL;
	return tmp_make(node, S_IFREG | (mode & 07777 & ~process.umask), node);
}

/* What opens a node that was found. */
static const struct file_ops *ops_of(const struct node *node)
{
	if (node->type == NODE_FILE && node->tmp)
		return &tmp_ops;
	return node->type == NODE_FILE && node->special ? node->special->ops : &archive_ops;
}

static s64 open_node(const struct node *node, u32 flags)
{
	struct open_file *file = file_make(ops_of(node), flags);
	if (!file)
		return -EMFILE;
	file->node = *node;
	if (file->ops == &tmp_ops) {
		tmp_hold(node->tmp);
		if (flags & O_TRUNC)
			tmp_truncate(node->tmp, 0);
	}
	return file_install(file, flags & O_CLOEXEC);
}

static s64 open_at(int fd, u64 path, u32 flags, u32 mode)
{
	static struct node node;
	s64 error = fs_lookup_user(fd, path, &node);
	if (error == -ENOENT && flags & O_CREAT)
		error = make_and_look(&node, flags, mode);
	else if (!error)
		error = check_open(&node, flags);
	return error ? error : open_node(&node, flags);
}

s64 sys_open(const struct syscall_args *regs)
{
	return open_at(AT_FDCWD, regs->di, regs->si, regs->dx);
}

s64 sys_openat(const struct syscall_args *regs)
{
	return open_at(regs->di, regs->si, regs->dx, regs->r10);
}

s64 sys_creat(const struct syscall_args *regs)
{
	return open_at(AT_FDCWD, regs->di, O_CREAT | O_WRONLY | O_TRUNC, regs->si);
}

s64 sys_close(const struct syscall_args *regs)
{
	if (!file_at(regs->di))
		return -EBADF;
	file_close(regs->di);
	return 0;
}

s64 sys_dup(const struct syscall_args *regs)
{
	struct open_file *file = file_at(regs->di);
	return file ? file_share(file, 0, false) : -EBADF;
}

static s64 dup_as(u32 from, u32 to, bool close_on_exec)
{
	struct open_file *file = file_at(from);
	if (!file || to >= file_limit())
		return -EBADF;
	file_share_as(file, to, close_on_exec);
	return to;
}

s64 sys_dup2(const struct syscall_args *regs)
{
	if ((u32)regs->di == (u32)regs->si)
		return file_at(regs->di) ? (s64)(u32)regs->di : -EBADF;
	return dup_as(regs->di, regs->si, false);
}

s64 sys_dup3(const struct syscall_args *regs)
{
	if ((u32)regs->di == (u32)regs->si || (u32)regs->dx & ~O_CLOEXEC)
		return -EINVAL;
	return dup_as(regs->di, regs->si, regs->dx & O_CLOEXEC);
}

/* What SEEK_END counts from. */
static s64 size_of(const struct open_file *file)
{
	if (file->node.tmp)
		return tmp_size(file->node.tmp);
	return file->node.type == NODE_FILE ? (s64)file->node.file.size : 0;
}

s64 sys_lseek(const struct syscall_args *regs)
{
	struct open_file *file = file_at(regs->di);
	s64 offset = regs->si;
	if (!file)
		return -EBADF;
	if ((u32)regs->dx > SEEK_HOLE)
		return -EINVAL;
	if (!file->node.path)
		return -ESPIPE;
	if (!file->ops->seeks)
		return 0; /* a device */
	s64 size = size_of(file);
	switch ((u32)regs->dx) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		offset = file->position + (u64)offset; /* a sum too large comes out negative */
		break;
	case SEEK_END:
		offset = size + (u64)offset;
		break;
	case SEEK_DATA:
	case SEEK_HOLE:
		if (offset < 0 || offset >= size)
			return -ENXIO;
		if ((u32)regs->dx == SEEK_HOLE)
			offset = size;
		break;
	}
	if (offset < 0)
		return -EINVAL;
	file->position = offset;
	return offset;
}

s64 sys_ioctl(const struct syscall_args *regs)
{
	return file_at(regs->di) ? -ENOTTY : -EBADF;
}

struct lock { /* Linux' struct flock */
	s16 type, whence;
	u32 pad;
	s64 start, length;
	u32 owner, pad2;
};
enum { F_RDLCK, F_WRLCK, F_UNLCK };

/* Nobody else is there who could hold one. */
BIG_FRAME_BEGIN
static s64 lock(const struct open_file *file, u32 command, u64 user)
{
	struct lock lock;
	stack_mark();
	if (!copy_from_user(&lock, user, sizeof(lock)))
		return -EFAULT;
	if (lock.type < F_RDLCK || lock.type > (command == F_GETLK ? F_WRLCK : F_UNLCK) ||
	    lock.whence < SEEK_SET || lock.whence > SEEK_END)
		return -EINVAL;
	if (command == F_GETLK) {
		lock.type = F_UNLCK;
		return copy_to_user(user, &lock, sizeof(lock)) ? 0 : -EFAULT;
	}
	u32 access = file->flags & O_ACCMODE;
	if ((lock.type == F_RDLCK && access == O_WRONLY) ||
	    (lock.type == F_WRLCK && access == O_RDONLY))
		return -EBADF;
	return 0;
}
BIG_FRAME_END

#define CHANGEABLE (O_APPEND | O_NONBLOCK)

BIG_FRAME_BEGIN
s64 sys_fcntl(const struct syscall_args *regs)
{
	struct open_file *file = file_at(regs->di);
	u32 argument = regs->dx, command = regs->si;
	stack_mark();
	if (!file)
		return -EBADF;
	switch (command) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		if (argument >= file_limit())
			return -EINVAL;
		return file_share(file, argument, command == F_DUPFD_CLOEXEC);
	case F_GETFD:
		return *file_close_on_exec(regs->di);
	case F_SETFD:
		*file_close_on_exec(regs->di) = argument & 1;
		return 0;
	case F_GETFL:
		return file->flags;
	case F_SETFL:
		file->flags = (file->flags & ~CHANGEABLE) | (argument & CHANGEABLE);
		return 0;
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
		return lock(file, command, regs->dx);
	}
	return -EINVAL;
}
BIG_FRAME_END
