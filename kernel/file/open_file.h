/* The program's open files and their descriptors, and waiting until one is ready. */
#ifndef KERNEL_OPEN_FILE_H
#define KERNEL_OPEN_FILE_H

#include "file/fs.h"

#define MAX_FILES 256

#define O_ACCMODE   3u
#define O_RDONLY    0u
#define O_WRONLY    1u
#define O_RDWR	    2u
#define O_CREAT	    0100u
#define O_EXCL	    0200u
#define O_TRUNC	    01000u
#define O_APPEND    02000u
#define O_NONBLOCK  04000u
#define O_DIRECTORY 0200000u
#define O_CLOEXEC   02000000u

#define POLLIN	   0x001
#define POLLOUT	   0x004
#define POLLERR	   0x008
#define POLLHUP	   0x010
#define POLLNVAL   0x020
#define POLLRDNORM 0x040
#define POLLWRNORM 0x100
#define POLL_ALL   (POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM)

/* What open makes and dup shares. */
struct open_file {
	const struct file_ops *ops; /* NULL: not in use */
	unsigned users;		    /* descriptors that name it, and calls that wait in it */
	u32 flags;		    /* O_ACCMODE, O_APPEND, O_NONBLOCK */
	u32 changes;		    /* how often it has become ready: what edges are told by */
	u64 position;
	struct node node;
	void *object; /* its kind's own */
};

/*
 * What a kind of file can do. Reads and writes go to or from a ring-3 address that was checked to
 * be ring 3's, at most MAX_RW bytes; they return how many, or a negative errno. Whether it was
 * opened for that is known already.
 */
struct file_ops {
	s64 (*read)(struct open_file *file, u64 position, u64 to, u64 n); /* NULL: EINVAL */
	s64 (*write)(struct open_file *file, u64 position, u64 from, u64 n);
	u32 (*ready)(
	    const struct open_file *file); /* POLL*; NULL: always, and epoll will not have it */
	void (*release)(struct open_file *file);
	bool seeks; /* has a position */
	u32 mode;   /* of what has no name, for stat */
};
extern const struct file_ops archive_ops, tmp_ops, zero_ops, input_ops, console_ops;
extern const struct file_ops pipe_ops, event_ops, epoll_ops;

void console_reset(void); /* read_write.c */

/* Before each program: standard input, output and error. */
void files_reset(void);

struct open_file *file_at(u64 fd); /* NULL: not open */
bool *file_close_on_exec(u64 fd);  /* of an open one */
u64 file_limit(void);		   /* descriptors are below it */

/* A new open file that nothing names yet, or NULL. */
struct open_file *file_make(const struct file_ops *ops, u32 flags);

/* The lowest free descriptor from `lowest` on becomes one more of `file`, or -EMFILE. */
s64 file_share(struct open_file *file, u64 lowest, bool close_on_exec);

/* The same for one just made, which goes where there is no descriptor. */
s64 file_install(struct open_file *file, bool close_on_exec);

/* The descriptor `fd`, which must be in range, becomes one more of `file`. */
void file_share_as(struct open_file *file, u64 fd, bool close_on_exec);
void file_close(u64 fd);
void file_put(struct open_file *file); /* one user less */

/* ---- waiting ---- */
u32 file_ready(const struct open_file *file);

/* Something of it has changed: whoever waits for a file looks again. */
void file_changed(struct open_file *file);

/* The current task waits until some file has changed; 0, -EINTR or -ETIMEDOUT. */
s64 file_wait(u64 deadline);
void epoll_forget(const struct open_file *file); /* it goes: no epoll watches it any more */

#endif
