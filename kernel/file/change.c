/* What changes names and what is behind them; only /tmp can be changed. */
#include "entry/erase.h"
#include "file/open_file.h"
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "task/process.h"

#define AT_REMOVEDIR	 0x200
#define RENAME_NOREPLACE 1
#define MODE_BITS	 07777

static struct node node; /* of the call at hand */

/* Finds what is to be changed: 0, else the errno. */
static s64 find(int fd, u64 path)
{
	s64 error = fs_lookup_user(fd, path, &node);
	if (error)
		return error;
	return node.tmp ? 0 : node.special ? -EPERM : -EROFS;
}

static s64 make_directory(int fd, u64 path, u32 mode)
{
	s64 error = fs_lookup_user(fd, path, &node);
	if (!error)
		return -EEXIST;
	if (error == -ENOENT)
		error = fs_can_make(&node);
	return error ? error : tmp_make(&node, S_IFDIR | (mode & 01777 & ~process.umask), &node);
}

s64 sys_mkdir(const struct syscall_args *regs)
{
	return make_directory(AT_FDCWD, regs->di, regs->si);
}

s64 sys_mkdirat(const struct syscall_args *regs)
{
	return make_directory(regs->di, regs->si, regs->dx);
}

static s64 remove_at(int fd, u64 path, bool directory)
{
	s64 error = find(fd, path);
	if (error == -EPERM && node.special == &tmp_root)
		error = directory ? -EBUSY : -EISDIR;
	return error ? error : tmp_remove(node.tmp, directory);
}

s64 sys_rmdir(const struct syscall_args *regs)
{
	return remove_at(AT_FDCWD, regs->di, true);
}

s64 sys_unlink(const struct syscall_args *regs)
{
	return remove_at(AT_FDCWD, regs->di, false);
}

s64 sys_unlinkat(const struct syscall_args *regs)
{
	if ((u32)regs->dx & ~AT_REMOVEDIR)
		return -EINVAL;
	return remove_at(regs->di, regs->si, regs->dx & AT_REMOVEDIR);
}

static s64 rename_at(int from, u64 old, int to, u64 new, u32 flags)
{
	s64 error = find(from, old);
	struct tmp_node *tmp = node.tmp;
	if (error)
		return error;
	error = fs_lookup_user(to, new, &node);
	if (error == -ENOENT) {
		error = fs_can_make(&node);
		if (!error && fs_ends_in_slash() && (*tmp_mode(tmp) & S_IFMT) != S_IFDIR)
			error = -ENOTDIR;
		node.tmp = NULL;
		return error == -EROFS ? -EXDEV : error ? error : tmp_rename(tmp, &node);
	}
	if (error)
		return error;
	if (!node.tmp)
		return node.special == &tmp_root ? -EBUSY : -EXDEV;
	return flags & RENAME_NOREPLACE ? -EEXIST : tmp_rename(tmp, &node);
}

s64 sys_rename(const struct syscall_args *regs)
{
	return rename_at(AT_FDCWD, regs->di, AT_FDCWD, regs->si, 0);
}

s64 sys_renameat(const struct syscall_args *regs)
{
	return rename_at(regs->di, regs->si, regs->dx, regs->r10, 0);
}

s64 sys_renameat2(const struct syscall_args *regs)
{
	if ((u32)regs->r8 & ~RENAME_NOREPLACE)
		return -EINVAL;
	return rename_at(regs->di, regs->si, regs->dx, regs->r10, regs->r8);
}

s64 sys_truncate(const struct syscall_args *regs)
{
	if ((s64)regs->si < 0)
		return -EINVAL;
	s64 error = find(AT_FDCWD, regs->di);
	if (error && node.type == NODE_DIRECTORY)
		return -EISDIR;
	return error ? error : tmp_truncate(node.tmp, regs->si);
}

s64 sys_ftruncate(const struct syscall_args *regs)
{
	const struct open_file *file = file_at(regs->di);
	if ((s64)regs->si < 0)
		return -EINVAL;
	if (!file)
		return -EBADF;
	if ((file->flags & O_ACCMODE) == O_RDONLY || !file->node.tmp)
		return -EINVAL;
	return tmp_truncate(file->node.tmp, regs->si);
}

/* Nothing is ever on its way to a disk. */
s64 sys_fsync(const struct syscall_args *regs)
{
	const struct open_file *file = file_at(regs->di);
	if (!file)
		return -EBADF;
	return file->node.path && !file->node.special ? 0 : -EINVAL;
}

static s64 change_mode(int fd, u64 path, u32 mode)
{
	s64 error = find(fd, path);
	if (!error)
		*tmp_mode(node.tmp) = (*tmp_mode(node.tmp) & S_IFMT) | (mode & MODE_BITS);
	return error;
}

s64 sys_chmod(const struct syscall_args *regs)
{
	return change_mode(AT_FDCWD, regs->di, regs->si);
}

s64 sys_fchmodat(const struct syscall_args *regs)
{
	return change_mode(regs->di, regs->si, regs->dx);
}

s64 sys_fchmod(const struct syscall_args *regs)
{
	struct open_file *file = file_at(regs->di);
	if (!file)
		return -EBADF;
	if (!file->node.tmp)
		return file->node.special || !file->node.path ? -EPERM : -EROFS;
	u32 *mode = tmp_mode(file->node.tmp);
	*mode = (*mode & S_IFMT) | (regs->si & MODE_BITS);
	return 0;
}

s64 sys_umask(const struct syscall_args *regs)
{
	u32 old = process.umask;
	process.umask = regs->di & 0777;
	return old;
}

/* ---- file systems ---- */

#define TMPFS_MAGIC 0x01021994
#define RAMFS_MAGIC 0x858458f6
#define PROC_MAGIC  0x9fa0

struct statfs {
	s64 type, block_size;
	u64 blocks, free, available, files, free_files, id;
	s64 name_length, fragment_size, flags, spare[4];
};
_Static_assert(sizeof(struct statfs) == 120, "Linux' layout on x86-64");

static bool is_in_tmp(const struct node *at)
{
	return at->tmp || at->special == &tmp_root;
}

static s64 give_statfs(const struct node *at, u64 to)
{
	static struct statfs fs;
	fs = (struct statfs){.type = RAMFS_MAGIC,
			     .block_size = PAGE_SIZE,
			     .fragment_size = PAGE_SIZE,
			     .name_length = 255};
	if (is_in_tmp(at)) {
		fs.type = TMPFS_MAGIC;
		fs.blocks = tmp_bound();
		fs.free = fs.available = tmp_bound() - tmp_used();
	} else if (at->special && at->special->path[0] == 'p') {
		fs.type = PROC_MAGIC;
	}
	return copy_to_user(to, &fs, sizeof(fs)) ? 0 : -EFAULT;
}

s64 sys_statfs(const struct syscall_args *regs)
{
	s64 error = fs_lookup_user(AT_FDCWD, regs->di, &node);
	return error ? error : give_statfs(&node, regs->si);
}

s64 sys_fstatfs(const struct syscall_args *regs)
{
	const struct open_file *file = file_at(regs->di);
	return file ? give_statfs(&file->node, regs->si) : -EBADF;
}
