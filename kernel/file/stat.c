/* What files are: stat and its kin, access, readlink, getcwd. */
#include "file/open_file.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "task/process.h"

#define AT_SYMLINK_NOFOLLOW 0x100
#define AT_NO_AUTOMOUNT	    0x800
#define AT_EMPTY_PATH	    0x1000
#define MAY_WRITE	    2
#define BLOCK_SIZE	    512

struct stat {
	u64 dev, ino, nlink;
	u32 mode, uid, gid, pad;
	u64 rdev;
	s64 size, block_size, blocks;
	u64 times[6]; /* access, modification, change: seconds and nanoseconds */
	u64 unused[3];
};
_Static_assert(sizeof(struct stat) == 144, "Linux' layout on x86-64");

static void stat_archive(const struct node *node, struct stat *stat)
{
	bool directory = node->type == NODE_DIRECTORY;
	stat->dev = 1;
	stat->ino = node->length ? (u64)node->path - DIRECT_MAP : 1;
	stat->mode = directory ? S_IFDIR | 0555 : S_IFREG | 0555;
	stat->size = directory ? 0 : node->file.size;
	stat->blocks = ALIGN_UP(stat->size, BLOCK_SIZE) / BLOCK_SIZE;
}

static void stat_tmp(const struct node *node, struct stat *stat)
{
	stat->dev = 3;
	stat->ino = tmp_number(node->tmp) + 2;
	stat->mode = *tmp_mode(node->tmp);
	stat->size = tmp_size(node->tmp);
	stat->blocks = tmp_pages(node->tmp) * (PAGE_SIZE / BLOCK_SIZE);
}

static void stat_special(const struct special *special, struct stat *stat)
{
	stat->dev = special == &tmp_root ? 3 : 4;
	stat->ino = special == &tmp_root ? 1 : (u64)special->path - KERNEL_BASE;
	stat->mode = special->mode;
	stat->rdev = special->rdev;
}

static void stat_node(const struct node *node, struct stat *stat)
{
	if (node->tmp)
		stat_tmp(node, stat);
	else if (node->special)
		stat_special(node->special, stat);
	else
		stat_archive(node, stat);
	stat->nlink = node->type == NODE_DIRECTORY ? 2 : 1;
	stat->block_size = PAGE_SIZE;
}

/* What has no name: the console, pipes and their like. */
static void stat_nameless(const struct open_file *file, struct stat *stat)
{
	stat->dev = 2;
	stat->ino = 1;
	stat->nlink = 1;
	stat->mode = file->ops->mode;
	if ((file->ops->mode & S_IFMT) == S_IFCHR)
		stat->rdev = 5 << 8 | 1; /* Linux' /dev/console */
	stat->block_size = file->ops->mode & S_IFCHR ? 1024 : PAGE_SIZE;
}

static struct stat *stat_of(const struct node *node, const struct open_file *file)
{
	static struct stat stat;
	memset(&stat, 0, sizeof(stat));
	if (node->path)
		stat_node(node, &stat);
	else
		stat_nameless(file, &stat);
	return &stat;
}

static s64 give_stat(const struct stat *stat, u64 to)
{
	return copy_to_user(to, stat, sizeof(*stat)) ? 0 : -EFAULT;
}

static s64 stat_fd(u64 fd, u64 to)
{
	const struct open_file *file = file_at(fd);
	return file ? give_stat(stat_of(&file->node, file), to) : -EBADF;
}

static s64 stat_path(int fd, u64 path, u64 to)
{
	static struct node node;
	s64 error = fs_lookup_user(fd, path, &node);
	return error ? error : give_stat(stat_of(&node, NULL), to);
}

s64 sys_stat(const struct syscall_args *regs)
{
	return stat_path(AT_FDCWD, regs->di, regs->si);
}

s64 sys_fstat(const struct syscall_args *regs)
{
	return stat_fd(regs->di, regs->si);
}

/* No path at all, null or empty, is the descriptor itself (null: Linux 6.11). */
s64 sys_newfstatat(const struct syscall_args *regs)
{
	u32 flags = regs->r10;
	char first = 0;
	if (flags & AT_EMPTY_PATH && (int)regs->di != AT_FDCWD) {
		if (regs->si && !copy_from_user(&first, regs->si, 1))
			return -EFAULT;
		if (!first)
			return stat_fd(regs->di, regs->dx);
	}
	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH))
		return -EINVAL;
	return stat_path(regs->di, regs->si, regs->dx);
}

static s64 access_at(int fd, u64 path, u64 mode)
{
	static struct node node;
	if (mode & ~7ull)
		return -EINVAL;
	s64 error = fs_lookup_user(fd, path, &node);
	if (!error && mode & MAY_WRITE && !node.tmp && !node.special)
		error = -EROFS;
	return error;
}

s64 sys_access(const struct syscall_args *regs)
{
	return access_at(AT_FDCWD, regs->di, (u32)regs->si);
}

s64 sys_faccessat(const struct syscall_args *regs)
{
	return access_at(regs->di, regs->si, (u32)regs->dx);
}

/* The one symbolic link that there is leads to the program itself. */
static s64 read_link(int fd, u64 path, u64 to, s64 size)
{
	static const char self[] = "/proc/self/exe";
	static char text[sizeof(self)];
	static struct node node;
	if (size <= 0)
		return -EINVAL;
	s64 length = copy_string_from_user(text, path, sizeof(text));
	if (length != sizeof(self) - 1 || memcmp(text, self, sizeof(self))) {
		s64 error = fs_lookup_user(fd, path, &node);
		return error ? error : -EINVAL;
	}
	length = strlen(process.name) + 1;
	if (length > size)
		length = size;
	if (!copy_to_user(to, "/", 1) || !copy_to_user(to + 1, process.name, length - 1))
		return -EFAULT;
	return length;
}

s64 sys_readlink(const struct syscall_args *regs)
{
	return read_link(AT_FDCWD, regs->di, regs->si, (int)regs->dx);
}

s64 sys_readlinkat(const struct syscall_args *regs)
{
	char first;
	if ((int)regs->di != AT_FDCWD && !file_at(regs->di) &&
	    copy_from_user(&first, regs->si, 1) && !first && (int)regs->r10 > 0)
		return -EBADF; /* no path: a descriptor's own */
	return read_link(regs->di, regs->si, regs->dx, (int)regs->r10);
}

s64 sys_getcwd(const struct syscall_args *regs)
{
	if (regs->si < 2)
		return -ERANGE;
	return copy_to_user(regs->di, "/", 2) ? 2 : -EFAULT;
}
