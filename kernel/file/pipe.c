/* Pipes within the process, and eventfd: files that a thread writes and another one waits for. */
#include "entry/erase.h"
#include "file/open_file.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "signal/signal.h"
#include "syscall/syscall.h"
#include "task/task.h"
#include "time/time.h"

/* ---- pipes ---- */

#define PIPES	   64
#define PIPE_PAGES 16
#define PIPE_SIZE  (PIPE_PAGES * PAGE_SIZE) /* as on Linux */
#define PIPE_BUF   4096			    /* up to here a write is not torn */

static struct pipe {
	struct open_file *reader, *writer; /* NULL: closed */
	u64 head, tail;			   /* bytes ever read and written */
	u64 pages[PIPE_PAGES];		   /* physical; 0: none yet */
} pipes[PIPES];

static u64 pipe_fill(const struct pipe *pipe)
{
	return pipe->tail - pipe->head;
}

static bool is_free(const struct pipe *pipe)
{
	return !pipe->reader && !pipe->writer;
}

/*
 * The bytes that lie in one piece from `position` on, at most `n`; *part says how many. NULL where
 * memory is out.
 */
static u8 *pipe_piece(struct pipe *pipe, u64 position, u64 n, u64 *part)
{
	u64 offset = position % PAGE_SIZE, *page = &pipe->pages[position / PAGE_SIZE % PIPE_PAGES];
	if (!*page)
		*page = phys_alloc();
	*part = n < PAGE_SIZE - offset ? n : PAGE_SIZE - offset;
	return *page ? (u8 *)phys_to_virt(*page) + offset : NULL;
}

static s64 take(struct pipe *pipe, u64 to, u64 n)
{
	u64 done = 0, part;
	if (n > pipe_fill(pipe))
		n = pipe_fill(pipe);
	while (done < n) {
		const u8 *from = pipe_piece(pipe, pipe->head, n - done, &part);
		u64 copied = copy_to_user_upto(to + done, from, part);
		pipe->head += copied;
		done += copied;
		if (copied < part)
			return done ? (s64)done : -EFAULT;
	}
	return done;
}

/* As on Linux nothing of a page is written that cannot be read whole. */
static s64 put(struct pipe *pipe, u64 from, u64 n)
{
	u64 done = 0, part;
	if (n > PIPE_SIZE - pipe_fill(pipe))
		n = PIPE_SIZE - pipe_fill(pipe);
	for (; done < n; done += part) {
		u8 *to = pipe_piece(pipe, pipe->tail, n - done, &part);
		if (!to || !copy_from_user(to, from + done, part))
			return done ? (s64)done : to ? -EFAULT : -ENOMEM;
		pipe->tail += part;
	}
	return done;
}

static s64 wait_result(const struct open_file *file)
{
	if (file->flags & O_NONBLOCK)
		return -EAGAIN;
	return file_wait(NEVER) == -EINTR ? -ERESTARTSYS : 0;
}

static s64 read_pipe(struct open_file *file, u64 position, u64 to, u64 n)
{
	struct pipe *pipe = file->object;
	(void)position;
	while (n && !pipe_fill(pipe)) {
		if (!pipe->writer)
			return 0;
		s64 error = wait_result(file);
		if (error)
			return error;
	}
	s64 done = take(pipe, to, n);
	if (done > 0 && pipe->writer)
		file_changed(pipe->writer);
	return done;
}

static s64 broken(void)
{
	static const struct signal_info info = {.signal = SIGPIPE, .code = SI_USER};
	signal_send(current, &info);
	return -EPIPE;
}

/* Whether some of `n` bytes can go now: all of them where there are few. */
static bool has_room(const struct pipe *pipe, u64 n)
{
	u64 room = PIPE_SIZE - pipe_fill(pipe);
	return n <= PIPE_BUF ? room >= n : room > 0;
}

BIG_FRAME_BEGIN
static s64 write_pipe(struct open_file *file, u64 position, u64 from, u64 n)
{
	struct pipe *pipe = file->object;
	u64 done = 0;
	s64 result = 0;
	stack_mark();
	(void)position;
	while (done < n && result >= 0) {
		if (!pipe->reader) {
			result = broken();
		} else if (has_room(pipe, n - done)) {
			result = put(pipe, from + done, n - done);
			done += result > 0 ? result : 0;
			file_changed(pipe->reader);
		} else {
			result = wait_result(file);
		}
	}
	return done ? (s64)done : result;
}
BIG_FRAME_END

static u32 pipe_ready(const struct open_file *file)
{
	const struct pipe *pipe = file->object;
	if (file == pipe->reader)
		return (pipe_fill(pipe) ? POLLIN | POLLRDNORM : 0) | (pipe->writer ? 0 : POLLHUP);
	return (has_room(pipe, PIPE_BUF) ? POLLOUT | POLLWRNORM : 0) | (pipe->reader ? 0 : POLLERR);
}

static void pipe_release(struct open_file *file)
{
	struct pipe *pipe = file->object;
	struct open_file **end = file == pipe->reader ? &pipe->reader : &pipe->writer;
	struct open_file *other = file == pipe->reader ? pipe->writer : pipe->reader;
	*end = NULL;
	if (other)
		file_changed(other);
	for (unsigned i = 0; !other && i < PIPE_PAGES; i++) {
		if (pipe->pages[i])
			phys_free(pipe->pages[i]);
		pipe->pages[i] = 0;
	}
}

const struct file_ops pipe_ops = {.read = read_pipe,
				  .write = write_pipe,
				  .ready = pipe_ready,
				  .release = pipe_release,
				  .mode = S_IFIFO | 0600};

static struct pipe *free_pipe(void)
{
	for (unsigned i = 0; i < PIPES; i++)
		if (is_free(&pipes[i]))
			return &pipes[i];
	return NULL;
}

static struct open_file *make_end(struct pipe *pipe, u32 flags)
{
	struct open_file *file = file_make(&pipe_ops, flags);
	if (!file)
		return NULL;
	file->object = pipe;
	if ((flags & O_ACCMODE) == O_RDONLY)
		pipe->reader = file;
	else
		pipe->writer = file;
	return file;
}

/* Two descriptors, or none. */
static s64 install(struct open_file *reader, struct open_file *writer, bool close_on_exec,
		   int fds[2])
{
	s64 fd = file_install(reader, close_on_exec);
	if (fd < 0) {
		writer->users = 1;
		file_put(writer);
		return fd;
	}
	fds[0] = fd;
	fd = file_install(writer, close_on_exec);
	if (fd < 0)
		file_close(fds[0]);
	fds[1] = fd;
	return fd < 0 ? fd : 0;
}

#define O_DIRECT   040000u
#define PIPE_FLAGS (O_CLOEXEC | O_NONBLOCK)

static s64 make_pipe(u64 to, u32 flags)
{
	int fds[2];
	struct pipe *pipe = free_pipe();
	if (flags & ~PIPE_FLAGS)
		return -EINVAL;
	if (!pipe)
		return -ENFILE;
	pipe->head = pipe->tail = 0;
	struct open_file *reader = make_end(pipe, O_RDONLY | (flags & O_NONBLOCK));
	struct open_file *writer = make_end(pipe, O_WRONLY | (flags & O_NONBLOCK));
	if (!writer) {
		if (reader) {
			reader->users = 1;
			file_put(reader);
		}
		return -ENFILE;
	}
	s64 error = install(reader, writer, flags & O_CLOEXEC, fds);
	if (error || copy_to_user(to, fds, sizeof(fds)))
		return error;
	file_close(fds[0]);
	file_close(fds[1]);
	return -EFAULT;
}

s64 sys_pipe(const struct syscall_args *regs)
{
	return make_pipe(regs->di, 0);
}

s64 sys_pipe2(const struct syscall_args *regs)
{
	return make_pipe(regs->di, regs->si);
}

/* ---- eventfd ---- */

#define EVENTS	      64
#define EFD_SEMAPHORE 1
#define EVENT_MOST    (~0ull - 1)

static struct event {
	struct open_file *file; /* NULL: free */
	u64 count;
	bool semaphore;
} events[EVENTS];

static s64 read_event(struct open_file *file, u64 position, u64 to, u64 n)
{
	struct event *event = file->object;
	(void)position;
	if (n < sizeof(u64))
		return -EINVAL;
	while (!event->count) {
		s64 error = wait_result(file);
		if (error)
			return error;
	}
	u64 value = event->semaphore ? 1 : event->count;
	event->count -= value;
	file_changed(file);
	return copy_to_user(to, &value, sizeof(value)) ? (s64)sizeof(value) : -EFAULT;
}

static s64 write_event(struct open_file *file, u64 position, u64 from, u64 n)
{
	struct event *event = file->object;
	u64 value;
	(void)position;
	if (n != sizeof(value)) /* since Linux 6.10 */
		return -EINVAL;
	if (!copy_from_user(&value, from, sizeof(value)))
		return -EFAULT;
	if (value > EVENT_MOST)
		return -EINVAL;
	while (value > EVENT_MOST - event->count) {
		s64 error = wait_result(file);
		if (error)
			return error;
	}
	event->count += value;
	file_changed(file);
	return sizeof(value);
}

static u32 event_ready(const struct open_file *file)
{
	const struct event *event = file->object;
	return (event->count ? POLLIN : 0) | (event->count < EVENT_MOST ? POLLOUT : 0);
}

static void event_release(struct open_file *file)
{
	((struct event *)file->object)->file = NULL;
}

const struct file_ops event_ops = {.read = read_event,
				   .write = write_event,
				   .ready = event_ready,
				   .release = event_release,
				   .mode = 0600};

static s64 make_event(u32 count, u32 flags)
{
	struct event *event = events;
	if (flags & ~(EFD_SEMAPHORE | O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	while (event < events + EVENTS && event->file)
		event++;
	struct open_file *file =
	    event < events + EVENTS ? file_make(&event_ops, O_RDWR | (flags & O_NONBLOCK)) : NULL;
	if (!file)
		return -ENFILE;
	*event = (struct event){file, count, flags & EFD_SEMAPHORE};
	file->object = event;
	return file_install(file, flags & O_CLOEXEC);
}

s64 sys_eventfd(const struct syscall_args *regs)
{
	return make_event(regs->di, 0);
}

s64 sys_eventfd2(const struct syscall_args *regs)
{
	return make_event(regs->di, regs->si);
}
