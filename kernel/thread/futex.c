/* Futexes: a queue of all tasks that wait for one, in the order in which they came. */
#include "entry/erase.h"
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "thread/futex.h"

enum {
	FUTEX_WAIT = 0,
	FUTEX_WAKE = 1,
	FUTEX_REQUEUE = 3,
	FUTEX_CMP_REQUEUE = 4,
	FUTEX_WAIT_BITSET = 9,
	FUTEX_WAKE_BITSET = 10,
};
#define FUTEX_PRIVATE	     128
#define FUTEX_CLOCK_REALTIME 256

static struct task *waiters;

void futex_reset(void)
{
	waiters = NULL;
}

/*
 * As on Linux only a futex that other processes might share must be there: its page, not its
 * address, says which one it is.
 */
static s64 check(u64 address, bool shared)
{
	u32 word;
	if (address % sizeof(u32))
		return -EINVAL;
	if (!user_range(address, sizeof(u32)))
		return -EFAULT;
	return !shared || copy_from_user(&word, address, sizeof(word)) ? 0 : -EFAULT;
}

static void enqueue(struct task *task, u64 address, u32 bits)
{
	struct task **at = &waiters;
	while (*at)
		at = &(*at)->next_waiter;
	*at = task;
	task->next_waiter = NULL;
	task->futex = address;
	task->futex_bits = bits;
}

/* *at leaves the queue. */
static void take_out(struct task **at)
{
	struct task *task = *at;
	*at = task->next_waiter;
	task->futex = 0;
}

/* True where nobody woke it. */
static bool give_up(struct task *task)
{
	struct task **at = &waiters;
	if (!task->futex)
		return false;
	while (*at != task)
		at = &(*at)->next_waiter;
	take_out(at);
	return true;
}

static s64 wait_until(u64 address, u32 value, u32 bits, u64 deadline)
{
	u32 now;
	s64 error = bits ? check(address, false) : -EINVAL;
	if (error)
		return error;
	if (!copy_from_user(&now, address, sizeof(now)))
		return -EFAULT;
	if (now != value)
		return -EAGAIN;
	enqueue(current, address, bits);
	s64 result = task_wait(deadline);
	if (!give_up(current))
		return 0;
	if (result == -EINTR && deadline == NEVER)
		return -ERESTARTSYS;
	return result;
}

static s64 wake(u64 address, u32 most, u32 bits, bool shared)
{
	u32 woken = 0;
	s64 error = bits ? check(address, shared) : -EINVAL;
	if (error)
		return error;
	for (struct task **at = &waiters; *at && woken < most;) {
		struct task *task = *at;
		if (task->futex == address && task->futex_bits & bits) {
			take_out(at);
			task_wake(task);
			woken++;
		} else {
			at = &task->next_waiter;
		}
	}
	return woken;
}

s64 futex_wake(u64 address, u32 most, u32 bits)
{
	return wake(address, most, bits, false);
}

/* Wakes some of those at `from`, and lets some of the others wait at `to` instead. */
static s64 requeue(const struct syscall_args *regs, bool shared)
{
	u64 from = regs->di, to = regs->r8;
	int most = regs->dx, move = regs->r10;
	s64 error = most < 0 || move < 0 ? -EINVAL : check(from, shared);
	if (!error)
		error = check(to, shared);
	if (error)
		return error;
	s64 done = wake(from, most, FUTEX_ANY, false);
	for (struct task *task = waiters; done >= 0 && task && move; task = task->next_waiter) {
		if (task->futex != from)
			continue;
		task->futex = to;
		move--;
		done++;
	}
	return done;
}

static s64 compare_and_requeue(const struct syscall_args *regs, bool shared)
{
	u32 now;
	s64 error = (int)regs->dx < 0 || (int)regs->r10 < 0 ? -EINVAL : check(regs->di, shared);
	if (!error)
		error = check(regs->r8, shared);
	if (error)
		return error;
	if (!copy_from_user(&now, regs->di, sizeof(now)))
		return -EFAULT;
	if (now != (u32)regs->r9)
		return -EAGAIN;
	return requeue(regs, shared);
}

/* When a wait ends: relative to now, or absolute by one of two clocks. */
static s64 read_deadline(u64 from, bool absolute, bool realtime, u64 *deadline)
{
	u64 ns;
	*deadline = NEVER;
	if (!from)
		return 0;
	s64 error = timespec_from_user(from, &ns);
	if (error || ns == NEVER)
		return error;
	if (!absolute)
		*deadline = clock_after(ns);
	else
		*deadline = realtime ? (ns > EPOCH_NS ? ns - EPOCH_NS : 0) : ns;
	return 0;
}

static s64 wait(const struct syscall_args *regs, bool bitset, bool realtime)
{
	u64 deadline;
	s64 error = read_deadline(regs->r10, bitset, realtime, &deadline);
	if (error)
		return error;
	return wait_until(regs->di, regs->dx, bitset ? (u32)regs->r9 : FUTEX_ANY, deadline);
}

/* As on Linux a wake finds one waiter before it looks how many it was to wake. */
static u32 at_least_one(u32 most)
{
	return (int)most > 1 ? most : 1;
}

/* Only a wait for bits can go by the clock of day; a wait's time is read before that is seen. */
static s64 refuse_clock(const struct syscall_args *regs, u32 operation)
{
	u64 ns;
	s64 error = operation == FUTEX_WAIT && regs->r10 ? timespec_from_user(regs->r10, &ns) : 0;
	return error ? error : -ENOSYS;
}

s64 sys_futex(const struct syscall_args *regs)
{
	u32 operation = (u32)regs->si & ~(FUTEX_PRIVATE | FUTEX_CLOCK_REALTIME);
	bool realtime = regs->si & FUTEX_CLOCK_REALTIME, shared = !(regs->si & FUTEX_PRIVATE);
	if (realtime && operation != FUTEX_WAIT_BITSET)
		return refuse_clock(regs, operation);
	switch (operation) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
		return wait(regs, operation == FUTEX_WAIT_BITSET, realtime);
	case FUTEX_WAKE:
		return wake(regs->di, at_least_one(regs->dx), FUTEX_ANY, shared);
	case FUTEX_WAKE_BITSET:
		return wake(regs->di, at_least_one(regs->dx), regs->r9, shared);
	case FUTEX_REQUEUE:
		return requeue(regs, shared);
	case FUTEX_CMP_REQUEUE:
		return compare_and_requeue(regs, shared);
	}
	return sys_missing(regs);
}

/*
 * ---- locks of a task that ends while it holds them (Linux'
 * Documentation/locking/robust-futex-ABI) ----
 */

#define WAITERS	     0x80000000u
#define OWNER_DIED   0x40000000u
#define OWNER_TID    0x3fffffffu
#define MAX_LOCKS    2048
#define POINTER_BITS (~1ull) /* the lowest bit says something else about the lock */

struct robust_list {
	u64 next;
	s64 offset; /* from a list entry to its futex */
	u64 pending;
};

s64 sys_set_robust_list(const struct syscall_args *regs)
{
	if (regs->si != sizeof(struct robust_list))
		return -EINVAL;
	current->robust_list = regs->di;
	return 0;
}

s64 sys_get_robust_list(const struct syscall_args *regs)
{
	static const u64 size = sizeof(struct robust_list);
	const struct task *task = (u32)regs->di ? task_find(regs->di) : current;
	if (!task)
		return -ESRCH;
	if (!copy_to_user(regs->dx, &size, sizeof(size)) ||
	    !copy_to_user(regs->si, &task->robust_list, sizeof(task->robust_list)))
		return -EFAULT;
	return 0;
}

static void leave_lock(const struct task *task, u64 entry, s64 offset)
{
	u64 address = (entry & POINTER_BITS) + offset;
	u32 word;
	if (check(address, false) || !copy_from_user(&word, address, sizeof(word)) ||
	    (word & OWNER_TID) != task->tid)
		return;
	bool waited_for = word & WAITERS;
	word = (word & WAITERS) | OWNER_DIED;
	if (copy_to_user(address, &word, sizeof(word)) && waited_for)
		futex_wake(address, 1, FUTEX_ANY);
}

BIG_FRAME_BEGIN
void robust_list_exit(const struct task *task)
{
	struct robust_list list;
	stack_mark();
	if (!task->robust_list || !copy_from_user(&list, task->robust_list, sizeof(list)))
		return;
	u64 entry = list.next;
	for (int i = 0; i < MAX_LOCKS && (entry & POINTER_BITS) != task->robust_list; i++) {
		u64 next;
		bool more = copy_from_user(&next, entry & POINTER_BITS, sizeof(next));
		if (entry != list.pending)
			leave_lock(task, entry, list.offset);
		if (!more)
			return;
		entry = next;
	}
	if (list.pending)
		leave_lock(task, list.pending, list.offset);
}
BIG_FRAME_END
