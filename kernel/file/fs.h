/* The file system: the initrd's archive as a read-only tree, and the program's open files. */
#ifndef KERNEL_FS_H
#define KERNEL_FS_H

#include "file/cpio.h"
#include "lib/types.h"

#define PATH_MAX 4096

enum node_type { NODE_DIRECTORY, NODE_FILE };

struct node {
	enum node_type type;
	struct file file; /* of a file */
	const char *path; /* in the archive, without leading or trailing slash; not terminated */
	size_t length;	  /* of path; 0: the root */
};

/* Finds `path`, from `base` where it is relative (NULL: the root). 0, or a negative errno as Linux gives it. */
s64 fs_lookup(const struct node *base, const char *path, struct node *node);

/* The same for the path at a ring-3 address; `fd` as openat's. */
s64 fs_lookup_user(int fd, u64 path, struct node *node);

/* ---- open files (open_files.c) ---- */
#define MAX_FILES 64
#define AT_FDCWD  -100

enum open_kind { OPEN_NOT, OPEN_INPUT, OPEN_OUTPUT, OPEN_NODE };

/* What open makes and dup shares. */
struct open_file {
	enum open_kind kind; /* input is always at its end, output goes to the console */
	unsigned users;	     /* descriptors that name it */
	struct node node;
	u64 position;
};

/* Before each program: standard input, output and error. */
void files_reset(void);

struct open_file *file_at(u64 fd); /* NULL: not open */
bool *file_close_on_exec(u64 fd);  /* of an open one */

/* A new descriptor, or -EMFILE. */
s64 file_open(const struct node *node, bool close_on_exec);
s64 file_share(struct open_file *file, u64 lowest, bool close_on_exec);

/* The descriptor `fd`, which must be in range, becomes one more of `file`. */
void file_share_as(struct open_file *file, u64 fd, bool close_on_exec);
void file_close(u64 fd);

#endif
