/* epoll: sets of files to watch, by level, by edge or once. */
#include "entry/erase.h"
#include "file/open_file.h"
#include "file/wait.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "task/task.h"
#include "time/time.h"

#define EPOLLWAKEUP    (1u << 29)
#define EPOLLEXCLUSIVE (1u << 28)
#define EPOLLONESHOT   (1u << 30)
#define EPOLLET	       (1u << 31)
#define ONLY_MODES     (EPOLLWAKEUP | EPOLLEXCLUSIVE | EPOLLONESHOT | EPOLLET)
#define MAX_EVENTS     (0x7fffffff / 12)

enum { EPOLL_CTL_ADD = 1, EPOLL_CTL_DEL, EPOLL_CTL_MOD };

struct epoll_event { /* of ring 3 */
	u32 events;
	u64 data;
} __packed;

#define WATCHES 512
static struct watch {
	struct open_file *epoll, *file; /* NULL: free */
	struct watch *next;		/* of the same epoll */
	u32 fd, events;
	u64 data;
	u32 seen;   /* file->changes when it was last told by edge */
	bool fresh; /* told by edge even without a change */
} watches[WATCHES];

/* The first watch of an epoll is what its file's `object` points to. */
static struct watch **list_of(struct open_file *epoll)
{
	return (struct watch **)&epoll->object;
}

static struct watch **find(struct open_file *epoll, const struct open_file *file, u32 fd)
{
	struct watch **at = list_of(epoll);
	while (*at && ((*at)->file != file || (*at)->fd != fd))
		at = &(*at)->next;
	return at;
}

static void append(struct watch *watch)
{
	struct watch **at = list_of(watch->epoll);
	while (*at)
		at = &(*at)->next;
	watch->next = NULL;
	*at = watch;
}

static void take_out(struct watch *watch)
{
	struct watch **at = list_of(watch->epoll);
	while (*at != watch)
		at = &(*at)->next;
	*at = watch->next;
}

static void release(struct open_file *epoll)
{
	for (struct watch *watch = epoll->object; watch; watch = watch->next)
		watch->file = NULL;
}

void epoll_forget(const struct open_file *file)
{
	for (unsigned i = 0; i < WATCHES; i++) {
		if (watches[i].file != file)
			continue;
		take_out(&watches[i]);
		watches[i].file = NULL;
	}
}

/* What there is to tell of it now. */
static u32 news(const struct watch *watch)
{
	u32 ready = file_ready(watch->file);
	if (!(watch->events & ~ONLY_MODES)) /* told once already */
		return 0;
	if (watch->events & EPOLLET && !watch->fresh && watch->seen == watch->file->changes)
		return 0;
	return ready & (watch->events | POLLERR | POLLHUP);
}

static u32 epoll_ready(const struct open_file *epoll)
{
	for (const struct watch *watch = epoll->object; watch; watch = watch->next)
		if (news(watch))
			return POLLIN | POLLRDNORM;
	return 0;
}

const struct file_ops epoll_ops = {.ready = epoll_ready, .release = release, .mode = 0600};

static s64 make(u32 flags)
{
	if (flags & ~O_CLOEXEC)
		return -EINVAL;
	struct open_file *file = file_make(&epoll_ops, O_RDWR);
	return file ? file_install(file, flags) : -ENFILE;
}

s64 sys_epoll_create(const struct syscall_args *regs)
{
	return (int)regs->di <= 0 ? -EINVAL : make(0);
}

s64 sys_epoll_create1(const struct syscall_args *regs)
{
	return make(regs->di);
}

static s64 add(struct open_file *epoll, struct open_file *file, u32 fd)
{
	for (unsigned i = 0; i < WATCHES; i++) {
		if (watches[i].file)
			continue;
		watches[i] = (struct watch){.epoll = epoll, .file = file, .fd = fd};
		append(&watches[i]);
		return 0;
	}
	return -ENOSPC;
}

static void set(struct watch *watch, const struct epoll_event *event)
{
	watch->events = event->events | POLLERR | POLLHUP;
	watch->data = event->data;
	watch->fresh = true;
	if (news(watch))
		file_changed(watch->epoll);
}

/* What is asked for makes sense; an epoll that watches another one is not there. */
static s64 check(const struct open_file *epoll, const struct open_file *file, u32 operation)
{
	if (!epoll || !file)
		return -EBADF;
	if (!file->ops->ready)
		return -EPERM;
	if (epoll == file || epoll->ops != &epoll_ops)
		return -EINVAL;
	return file->ops == &epoll_ops && operation == EPOLL_CTL_ADD ? -EINVAL : 0;
}

static s64 change(struct open_file *epoll, u32 operation, u32 fd, const struct epoll_event *event)
{
	struct open_file *file = file_at(fd);
	s64 error = check(epoll, file, operation);
	if (error)
		return error;
	struct watch **at = find(epoll, file, fd);
	switch (operation) {
	case EPOLL_CTL_ADD:
		if (*at)
			return -EEXIST;
		error = add(epoll, file, fd);
		if (!error)
			set(*find(epoll, file, fd), event);
		return error;
	case EPOLL_CTL_DEL:
		if (!*at)
			return -ENOENT;
		(*at)->file = NULL;
		*at = (*at)->next;
		return 0;
	case EPOLL_CTL_MOD:
		if (!*at)
			return -ENOENT;
		set(*at, event);
		return 0;
	}
	return -EINVAL;
}

s64 sys_epoll_ctl(const struct syscall_args *regs)
{
	static struct epoll_event event;
	if ((u32)regs->si != EPOLL_CTL_DEL && !copy_from_user(&event, regs->r10, sizeof(event)))
		return -EFAULT;
	return change(file_at(regs->di), regs->si, regs->dx, &event);
}

/*
 * Tells of `watch` what there is to tell. Who has been told goes to the end, so that none has to
 * wait for ever.
 */
static bool tell(struct watch *watch, u32 ready, u64 to)
{
	static struct epoll_event event;
	event = (struct epoll_event){ready, watch->data};
	if (!copy_to_user(to, &event, sizeof(event)))
		return false;
	watch->fresh = false;
	watch->seen = watch->file->changes;
	if (watch->events & EPOLLONESHOT)
		watch->events &= ONLY_MODES;
	take_out(watch);
	append(watch);
	return true;
}

/* How many were told, or -EFAULT. */
static s64 collect(struct open_file *epoll, u64 to, u32 most)
{
	unsigned length = 0;
	s64 told = 0;
	for (const struct watch *watch = epoll->object; watch; watch = watch->next)
		length++;
	for (struct watch *watch = epoll->object, *next; length && told < most;
	     length--, watch = next) {
		u32 ready = news(watch);
		next = watch->next;
		if (!ready)
			continue;
		if (!tell(watch, ready, to + told * sizeof(struct epoll_event)))
			return told ? told : -EFAULT;
		told++;
	}
	return told;
}

static s64 wait(struct open_file *epoll, u64 to, u32 most, u64 deadline)
{
	s64 result;
	epoll->users++;
	while (!(result = collect(epoll, to, most)) && deadline) {
		result = file_wait(deadline);
		if (result == -EINTR)
			break;
		if (result == -ETIMEDOUT)
			deadline = 0;
	}
	file_put(epoll);
	return result;
}

static s64 check_wait(const struct syscall_args *regs)
{
	const struct open_file *epoll = file_at(regs->di);
	if ((int)regs->dx <= 0 || (u32)regs->dx > MAX_EVENTS)
		return -EINVAL;
	if (!user_range(regs->si, regs->dx * sizeof(struct epoll_event)))
		return -EFAULT;
	if (!epoll)
		return -EBADF;
	return epoll->ops == &epoll_ops ? 0 : -EINVAL;
}

BIG_FRAME_BEGIN
s64 sys_epoll_wait(const struct syscall_args *regs)
{
	s64 error = check_wait(regs);
	stack_mark();
	if (error)
		return error;
	return wait(file_at(regs->di), regs->si, regs->dx, deadline_of_ms(regs->r10));
}
BIG_FRAME_END

s64 sys_epoll_pwait(const struct syscall_args *regs)
{
	s64 error = wait_mask_set(regs->r8, regs->r9);
	return error ? error : wait_mask_restore(sys_epoll_wait(regs));
}
