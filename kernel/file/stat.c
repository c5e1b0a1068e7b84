/* What files are: stat and its kin, access, readlink, getcwd. */
#include "file/fs.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "task/process.h"

#define S_IFCHR		    0020000
#define S_IFDIR		    0040000
#define S_IFREG		    0100000
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

static void stat_node(const struct node *node, struct stat *stat)
{
	bool directory = node->type == NODE_DIRECTORY;
	u64 size = directory ? 0 : node->file.size;
	stat->dev = 1;
	stat->ino = node->length ? (u64)node->path - DIRECT_MAP : 1;
	stat->nlink = directory ? 2 : 1;
	stat->mode = directory ? S_IFDIR | 0555 : S_IFREG | 0555;
	stat->size = size;
	stat->block_size = PAGE_SIZE;
	stat->blocks = ALIGN_UP(size, BLOCK_SIZE) / BLOCK_SIZE;
}

static void stat_console(struct stat *stat)
{
	stat->dev = 2;
	stat->ino = 1;
	stat->nlink = 1;
	stat->mode = S_IFCHR | 0600;
	stat->rdev = 5 << 8 | 1; /* Linux' /dev/console */
	stat->block_size = 1024;
}

/* Of `node`, or of the console where it is NULL. */
static s64 give_stat(const struct node *node, u64 to)
{
	static struct stat stat;
	memset(&stat, 0, sizeof(stat));
	if (node)
		stat_node(node, &stat);
	else
		stat_console(&stat);
	return copy_to_user(to, &stat, sizeof(stat)) ? 0 : -EFAULT;
}

static s64 stat_fd(u64 fd, u64 to)
{
	const struct open_file *file = file_at(fd);
	if (!file)
		return -EBADF;
	return give_stat(file->kind == OPEN_NODE ? &file->node : NULL, to);
}

static s64 stat_path(int fd, u64 path, u64 to)
{
	static struct node node;
	s64 error = fs_lookup_user(fd, path, &node);
	return error ? error : give_stat(&node, to);
}

s64 sys_stat(struct pt_regs *regs)
{
	return stat_path(AT_FDCWD, regs->di, regs->si);
}

s64 sys_fstat(struct pt_regs *regs)
{
	return stat_fd(regs->di, regs->si);
}

/* No path at all, null or empty, is the descriptor itself (null: Linux 6.11). */
s64 sys_newfstatat(struct pt_regs *regs)
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
	if (!error && mode & MAY_WRITE)
		error = -EROFS;
	return error;
}

s64 sys_access(struct pt_regs *regs)
{
	return access_at(AT_FDCWD, regs->di, (u32)regs->si);
}

s64 sys_faccessat(struct pt_regs *regs)
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

s64 sys_readlink(struct pt_regs *regs)
{
	return read_link(AT_FDCWD, regs->di, regs->si, (int)regs->dx);
}

s64 sys_readlinkat(struct pt_regs *regs)
{
	char first;
	if ((int)regs->di != AT_FDCWD && !file_at(regs->di) &&
	    copy_from_user(&first, regs->si, 1) && !first && (int)regs->r10 > 0)
		return -EBADF; /* no path: a descriptor's own */
	return read_link(regs->di, regs->si, regs->dx, (int)regs->r10);
}

s64 sys_getcwd(struct pt_regs *regs)
{
	if (regs->si < 2)
		return -ERANGE;
	return copy_to_user(regs->di, "/", 2) ? 2 : -EFAULT;
}
