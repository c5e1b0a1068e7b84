/* Opening, closing and positions of files; what a console that is no terminal says to ioctl. */
#include "file/fs.h"
#include "mm/mm.h"
#include "syscall/syscall.h"

#define O_ACCMODE   3
#define O_RDONLY    0
#define O_WRONLY    1
#define O_CREAT	    0100
#define O_EXCL	    0200
#define O_TRUNC	    01000
#define O_DIRECTORY 0200000
#define O_CLOEXEC   02000000

#define SEEK_SET  0
#define SEEK_CUR  1
#define SEEK_END  2
#define SEEK_DATA 3
#define SEEK_HOLE 4
enum { F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC = 1030 };

/* Nothing here can be written or made: the file system is read-only. */
static s64 check_open(const struct node *node, u64 flags)
{
	bool directory = node->type == NODE_DIRECTORY;
	if (flags & O_CREAT && flags & O_EXCL)
		return -EEXIST;
	if (directory && ((flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT))
		return -EISDIR;
	if ((flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC)
		return -EROFS;
	return flags & O_DIRECTORY && !directory ? -ENOTDIR : 0;
}

static s64 open_at(int fd, u64 path, u64 flags)
{
	static struct node node;
	s64 error = fs_lookup_user(fd, path, &node);
	char first;
	if (error == -ENOENT && flags & O_CREAT)
		return copy_from_user(&first, path, 1) && first ? -EROFS : -ENOENT;
	if (!error)
		error = check_open(&node, flags);
	return error ? error : file_open(&node, flags & O_CLOEXEC);
}

s64 sys_open(struct pt_regs *regs)
{
	return open_at(AT_FDCWD, regs->di, regs->si);
}

s64 sys_openat(struct pt_regs *regs)
{
	return open_at(regs->di, regs->si, regs->dx);
}

s64 sys_close(struct pt_regs *regs)
{
	if (!file_at(regs->di))
		return -EBADF;
	file_close(regs->di);
	return 0;
}

s64 sys_dup(struct pt_regs *regs)
{
	struct open_file *file = file_at(regs->di);
	return file ? file_share(file, 0, false) : -EBADF;
}

static s64 dup_as(u32 from, u32 to, bool close_on_exec)
{
	struct open_file *file = file_at(from);
	if (!file || to >= MAX_FILES)
		return -EBADF;
	file_share_as(file, to, close_on_exec);
	return to;
}

s64 sys_dup2(struct pt_regs *regs)
{
	if ((u32)regs->di == (u32)regs->si)
		return file_at(regs->di) ? (s64)(u32)regs->di : -EBADF;
	return dup_as(regs->di, regs->si, false);
}

s64 sys_dup3(struct pt_regs *regs)
{
	if ((u32)regs->di == (u32)regs->si || (u32)regs->dx & ~O_CLOEXEC)
		return -EINVAL;
	return dup_as(regs->di, regs->si, regs->dx & O_CLOEXEC);
}

s64 sys_lseek(struct pt_regs *regs)
{
	struct open_file *file = file_at(regs->di);
	s64 offset = regs->si;
	if (!file)
		return -EBADF;
	if (file->kind != OPEN_NODE)
		return -ESPIPE;
	s64 size = file->node.type == NODE_FILE ? (s64)file->node.file.size : 0;
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
	default:
		return -EINVAL;
	}
	if (offset < 0)
		return -EINVAL;
	file->position = offset;
	return offset;
}

s64 sys_ioctl(struct pt_regs *regs)
{
	return file_at(regs->di) ? -ENOTTY : -EBADF;
}

s64 sys_fcntl(struct pt_regs *regs)
{
	struct open_file *file = file_at(regs->di);
	u32 argument = regs->dx;
	if (!file)
		return -EBADF;
	switch ((u32)regs->si) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		if (argument >= MAX_FILES)
			return -EINVAL;
		return file_share(file, argument, (u32)regs->si == F_DUPFD_CLOEXEC);
	case F_GETFD:
		return *file_close_on_exec(regs->di);
	case F_SETFD:
		*file_close_on_exec(regs->di) = argument & 1;
		return 0;
	case F_GETFL:
		return file->kind == OPEN_OUTPUT ? O_WRONLY : O_RDONLY;
	case F_SETFL:
		return 0;
	}
	return -EINVAL;
}
