/* Names to files and directories. */
#include "boot/boot.h"
#include "file/open_file.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "syscall/syscall.h"

#define NAME_MAX 255

/* The canonical path that a lookup has come to. One lookup at a time. */
static char canonical[PATH_MAX];
static size_t canonical_length;
static bool at_last;   /* nothing but slashes is behind it, */
static bool at_slash;  /* and such there are */
static bool below_tmp; /* its folder is in /tmp */

static s64 find_canonical(struct node *node)
{
	const u8 *archive = phys_to_virt(boot_info.initrd_start);
	below_tmp = node->tmp || node->special == &tmp_root;
	memset(node, 0, sizeof(*node));
	node->path = canonical;
	node->length = canonical_length;
	if (!canonical_length || special_find(node) || tmp_find(node))
		return 0;
	switch (
	    cpio_look(archive, boot_info.initrd_size, &node->path, canonical_length, &node->file)) {
	case CPIO_FILE:
		node->type = NODE_FILE;
		return 0;
	case CPIO_DIRECTORY:
		node->type = NODE_DIRECTORY;
		return 0;
	case CPIO_NOTHING:
		break;
	}
	return -ENOENT;
}

static void go_up(void)
{
	while (canonical_length && canonical[--canonical_length] != '/')
		;
}

static s64 go_down(const char *name, size_t length)
{
	size_t slash = canonical_length != 0;
	if (length > NAME_MAX || canonical_length + slash + length >= sizeof(canonical))
		return -ENAMETOOLONG;
	if (slash)
		canonical[canonical_length++] = '/';
	memcpy(canonical + canonical_length, name, length);
	canonical_length += length;
	return 0;
}

/* One component of a path, from the directory that `canonical` names. */
static s64 step(const char *name, size_t length)
{
	if (!length || (length == 1 && name[0] == '.'))
		return 0;
	if (length == 2 && name[0] == '.' && name[1] == '.') {
		go_up();
		return 0;
	}
	return go_down(name, length);
}

static size_t slashes(const char *path)
{
	size_t n = 0;
	while (path[n] == '/')
		n++;
	return n;
}

s64 fs_lookup(const struct node *base, const char *path, struct node *node)
{
	s64 error;
	at_last = false;
	if (!*path)
		return -ENOENT;
	canonical_length = 0;
	if (base && *path != '/') {
		if (base->type != NODE_DIRECTORY)
			return -ENOTDIR;
		memcpy(canonical, base->path, base->length);
		canonical_length = base->length;
	}
	memset(node, 0, sizeof(*node));
	error = find_canonical(node);
	while (!error && *path) {
		size_t n = 0;
		if (node->type != NODE_DIRECTORY)
			return -ENOTDIR;
		while (path[n] && path[n] != '/')
			n++;
		error = step(path, n);
		if (!error)
			error = find_canonical(node);
		path += n;
		at_slash = *path == '/';
		at_last = !path[slashes(path)];
		/* a slash behind a name says that it is a directory's */
		if (*path == '/') {
			path++;
			if (!error && node->type != NODE_DIRECTORY)
				return -ENOTDIR;
		}
	}
	return error;
}

s64 fs_can_make(struct node *node)
{
	if (!at_last)
		return -ENOENT;
	if (!below_tmp)
		return -EROFS;
	node->path = canonical;
	node->length = canonical_length;
	return 0;
}

bool fs_ends_in_slash(void)
{
	return at_slash;
}

s64 fs_lookup_user(int fd, u64 user_path, struct node *node)
{
	static char path[PATH_MAX];
	const struct node *base = NULL;
	s64 length = copy_string_from_user(path, user_path, sizeof(path));
	at_last = false;
	if (length < 0)
		return length;
	if (length && path[0] != '/' && fd != AT_FDCWD) {
		const struct open_file *file = file_at((u64)fd);
		if (!file)
			return -EBADF;
		if (!file->node.path)
			return -ENOTDIR;
		base = &file->node;
	}
	return fs_lookup(base, path, node);
}
