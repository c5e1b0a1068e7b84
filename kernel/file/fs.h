/*
 * Names: the initrd's archive as a read-only tree, with /tmp, a few devices and a few files of
 * /proc put over it.
 */
#ifndef KERNEL_FS_H
#define KERNEL_FS_H

#include "file/cpio.h"
#include "lib/types.h"

#define PATH_MAX 4096
#define AT_FDCWD -100

#define S_IFMT	0170000
#define S_IFIFO 0010000
#define S_IFCHR 0020000
#define S_IFDIR 0040000
#define S_IFREG 0100000

struct file_ops;
struct tmp_node;

/* A name that the archive does not have (special.c). */
struct special {
	const char *path;	    /* as in struct node */
	const struct file_ops *ops; /* NULL: a directory */
	u32 mode, rdev;
};

enum node_type { NODE_DIRECTORY, NODE_FILE };

struct node {
	enum node_type type;
	struct file file;	       /* of a file of the archive */
	struct tmp_node *tmp;	       /* what is below /tmp, */
	const struct special *special; /* what special.c has; else both are NULL */
	const char *path;	       /* without leading or trailing slash; not terminated */
	size_t length;		       /* of path; 0: the root */
};

/*
 * Finds `path`, from `base` where it is relative (NULL: the root). 0, or a negative errno as Linux
 * gives it.
 */
s64 fs_lookup(const struct node *base, const char *path, struct node *node);

/* The same for the path at a ring-3 address; `fd` as openat's. */
s64 fs_lookup_user(int fd, u64 path, struct node *node);

/*
 * After -ENOENT: whether all but the last name was there, and whether something of that name can be
 * made (0, else the errno). The full path lies where `node` says until the next lookup.
 */
s64 fs_can_make(struct node *node);
bool fs_ends_in_slash(void); /* the path of the last lookup */

/* Fills in what has the node's path, if it is special's or /tmp's. */
bool special_find(struct node *node);
bool tmp_find(struct node *node);

static inline bool node_is_read_only(const struct node *node)
{
	return !node->tmp && !(node->special && node->special->ops);
}

/* ---- /tmp (tmp.c) ---- */
extern const struct special tmp_root;
void tmp_reset(void);
void tmp_hold(struct tmp_node *tmp);
void tmp_release(struct tmp_node *tmp);
u64 tmp_size(const struct tmp_node *tmp);
u64 tmp_number(const struct tmp_node *tmp);
u32 *tmp_mode(struct tmp_node *tmp); /* with its type */
u64 tmp_pages(const struct tmp_node *tmp);
s64 tmp_make(const struct node *where, u32 mode, struct node *made);
s64 tmp_truncate(struct tmp_node *tmp, s64 size);
s64 tmp_remove(struct tmp_node *tmp, bool directory);
s64 tmp_rename(struct tmp_node *tmp, const struct node *to);
u64 tmp_bound(void); /* pages that all of it may have, */
u64 tmp_used(void);  /* and has */

#endif
