/* poll and ppoll. */
#include "entry/erase.h"
#include "file/open_file.h"
#include "file/wait.h"
#include "mm/mm.h"
#include "signal/signal.h"
#include "syscall/syscall.h"
#include "task/task.h"
#include "time/time.h"

struct poll_fd {
	int fd;
	u16 events, ready;
};

u64 deadline_of_ms(u64 ms)
{
	if ((int)ms < 0)
		return NEVER;
	return (u32)ms ? clock_after((u32)ms * 1000000ull) : 0;
}

s64 wait_mask_set(u64 from, u64 size)
{
	sigset_t set;
	if (!from)
		return 0;
	if (size != sizeof(set))
		return -EINVAL;
	if (!copy_from_user(&set, from, sizeof(set)))
		return -EFAULT;
	current->saved_blocked = current->blocked;
	current->restore_blocked = true;
	signal_set_blocked(set);
	return 0;
}

/* Where a signal is on its way the mask comes back with its frame (signal/deliver.c). */
s64 wait_mask_restore(s64 result)
{
	if (current->restore_blocked && result != -EINTR) {
		current->restore_blocked = false;
		signal_set_blocked(current->saved_blocked);
	}
	return result;
}

/* What there is of one: what was asked for, and what is always told. */
static u32 look(const struct poll_fd *poll)
{
	const struct open_file *file = file_at(poll->fd);
	if (poll->fd < 0)
		return 0;
	if (!file)
		return POLLNVAL;
	return file_ready(file) & (poll->events | POLLERR | POLLHUP);
}

/* How many have something to tell, or -EFAULT. */
static s64 look_at_all(u64 at, u64 count)
{
	struct poll_fd poll;
	s64 ready = 0;
	for (; count; count--, at += sizeof(poll)) {
		if (!copy_from_user(&poll, at, sizeof(poll)))
			return -EFAULT;
		poll.ready = look(&poll);
		ready += poll.ready != 0;
		if (!copy_to_user(at + offsetof(struct poll_fd, ready), &poll.ready,
				  sizeof(poll.ready)))
			return -EFAULT;
	}
	return ready;
}

BIG_FRAME_BEGIN /* of clang */
static s64 poll(u64 at, u64 count, u64 deadline)
{
	s64 result;
	stack_mark();
	count = (u32)count;
	if (count > file_limit())
		return -EINVAL;
	while (!(result = look_at_all(at, count)) && deadline) {
		result = file_wait(deadline);
		if (result == -EINTR)
			break;
		if (result == -ETIMEDOUT)
			deadline = 0;
	}
	return result;
}
BIG_FRAME_END

s64 sys_poll(const struct syscall_args *regs)
{
	return poll(regs->di, regs->si, deadline_of_ms(regs->dx));
}

s64 sys_ppoll(const struct syscall_args *regs)
{
	u64 ns = NEVER;
	s64 error = regs->dx ? timespec_from_user(regs->dx, &ns) : 0;
	if (!error)
		error = wait_mask_set(regs->r10, regs->r8);
	if (error)
		return error;
	u64 deadline = ns && ns != NEVER ? clock_after(ns) : ns;
	s64 result = wait_mask_restore(poll(regs->di, regs->si, deadline));
	if (regs->dx && ns != NEVER) { /* what is left of it */
		u64 now = clock_ns();
		timespec_to_user(regs->dx, deadline > now ? deadline - now : 0);
	}
	return result;
}
