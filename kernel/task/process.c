/*
 * Who and where a program is: numbers, names, limits, randomness. Nothing of it differs between two
 * boots.
 */
#include "entry/erase.h"
#include "file/open_file.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "task/process.h"
#include "task/task.h"
#include "time/time.h"

s64 sys_getpid(const struct syscall_args *regs)
{
	(void)regs;
	return PROCESS_ID;
}

s64 sys_getppid(const struct syscall_args *regs)
{
	(void)regs;
	return PARENT_ID;
}

s64 sys_gettid(const struct syscall_args *regs)
{
	(void)regs;
	return current->tid;
}

s64 sys_set_tid_address(const struct syscall_args *regs)
{
	current->clear_child_tid = regs->di;
	return current->tid;
}

s64 sys_uname(const struct syscall_args *regs)
{
	static const struct {
		char system[65], node[65], release[65], version[65], machine[65], domain[65];
	} names = {
	    "Linux", "entrybench", "6.1.0-entrybench", "#1 entrybench", "x86_64", "(none)",
	};
	return copy_to_user(regs->di, &names, sizeof(names)) ? 0 : -EFAULT;
}

enum { RUSAGE_CHILDREN = -1, RUSAGE_SELF, RUSAGE_THREAD };

/* Time and minor faults of the process, or the time of a thread; there are no children. */
s64 sys_getrusage(const struct syscall_args *regs)
{
	static struct {
		struct timeval user, system;
		u64 max_rss, shared, data, stack, minor_faults, others[9];
	} usage;
	_Static_assert(sizeof(usage) == 144, "Linux' layout on x86-64");
	int who = regs->di;
	if (who < RUSAGE_CHILDREN || who > RUSAGE_THREAD)
		return -EINVAL;
	u64 ns = who == RUSAGE_SELF ? process_cpu_ns() : who == RUSAGE_THREAD ? task_cpu_ns() : 0;
	usage.user.seconds = ns / NS_PER_SECOND;
	usage.user.us = ns % NS_PER_SECOND / 1000;
	usage.minor_faults = who == RUSAGE_SELF ? process.minor_faults : 0;
	return copy_to_user(regs->si, &usage, sizeof(usage)) ? 0 : -EFAULT;
}

s64 sys_sysinfo(const struct syscall_args *regs)
{
	static struct {
		u64 uptime, loads[3], total_ram, free_ram, shared, buffers, total_swap, free_swap;
		u16 processes, pad[3];
		u64 total_high, free_high;
		u32 unit, pad2;
	} info;
	_Static_assert(sizeof(info) == 112, "Linux' layout on x86-64");
	info.uptime = clock_ns() / NS_PER_SECOND;
	info.total_ram = phys_total_pages();
	info.free_ram = phys_free_pages();
	info.processes = 1;
	info.unit = PAGE_SIZE;
	return copy_to_user(regs->di, &info, sizeof(info)) ? 0 : -EFAULT;
}

/* ---- limits: kept for who asks, of no effect but for the number of descriptors ---- */
enum { RLIMIT_CORE = 4, RLIMIT_NPROC = 6 };
#define INFINITY (~0ull)

void limits_reset(void)
{
	struct limit *limits = process.limits;
	for (unsigned i = 0; i < LIMITS; i++)
		limits[i] = (struct limit){INFINITY, INFINITY};
	limits[RLIMIT_STACK].now = USER_STACK_SIZE;
	limits[RLIMIT_CORE].now = 0;
	limits[RLIMIT_NPROC].now = limits[RLIMIT_NPROC].most = MAX_TASKS;
	limits[RLIMIT_NOFILE].now = limits[RLIMIT_NOFILE].most = MAX_FILES;
}

/*
 * Ring 3 is root, so it may raise a limit; not the descriptors' beyond what there is (Linux'
 * fs.nr_open).
 */
static s64 check_limit(const struct limit *limit, u32 which)
{
	if (limit->now > limit->most)
		return -EINVAL;
	return which == RLIMIT_NOFILE && limit->most > MAX_FILES ? -EPERM : 0;
}

BIG_FRAME_BEGIN
s64 sys_prlimit64(const struct syscall_args *regs)
{
	struct limit wanted, *limit;
	u32 pid = regs->di, which = regs->si;
	stack_mark();
	if (which >= LIMITS)
		return -EINVAL;
	if (pid && pid != PROCESS_ID)
		return -ESRCH;
	limit = &process.limits[index_nospec(which, LIMITS)];
	if (regs->dx && !copy_from_user(&wanted, regs->dx, sizeof(wanted)))
		return -EFAULT;
	s64 error = regs->dx ? check_limit(&wanted, which) : 0;
	if (error)
		return error;
	if (regs->r10 && !copy_to_user(regs->r10, limit, sizeof(*limit)))
		return -EFAULT;
	if (regs->dx)
		*limit = wanted;
	return 0;
}
BIG_FRAME_END

BIG_FRAME_BEGIN
s64 sys_setrlimit(const struct syscall_args *regs)
{
	struct limit wanted;
	u32 which = regs->di;
	stack_mark();
	if (!copy_from_user(&wanted, regs->si, sizeof(wanted)))
		return -EFAULT;
	if (which >= LIMITS)
		return -EINVAL;
	s64 error = check_limit(&wanted, which);
	if (!error)
		process.limits[index_nospec(which, LIMITS)] = wanted;
	return error;
}
BIG_FRAME_END

s64 sys_getrlimit(const struct syscall_args *regs)
{
	u32 which = regs->di;
	if (which >= LIMITS)
		return -EINVAL;
	return copy_to_user(regs->si, &process.limits[index_nospec(which, LIMITS)],
			    sizeof(struct limit))
		   ? 0
		   : -EFAULT;
}

#define GRND_NONBLOCK 1
#define GRND_RANDOM   2
#define GRND_INSECURE 4
#define MAX_RANDOM    0x7fffffffu /* of one call, as Linux */

/* xorshift64* (Vigna 2016): looks random, is the same in every boot. */
static u64 next_random(void)
{
	process.random ^= process.random >> 12;
	process.random ^= process.random << 25;
	process.random ^= process.random >> 27;
	return process.random * 0x2545f4914f6cdd1dull;
}

s64 random_to_user(u64 to, u64 n)
{
	u64 done = 0;
	while (done < n) {
		u64 word = next_random();
		u64 part = n - done < sizeof(word) ? n - done : sizeof(word);
		u64 copied = copy_to_user_upto(to + done, &word, part);
		done += copied;
		if (copied < part)
			return done ? (s64)done : -EFAULT;
	}
	return done;
}

s64 sys_getrandom(const struct syscall_args *regs)
{
	u64 to = regs->di, n = regs->si < MAX_RANDOM ? regs->si : MAX_RANDOM;
	u32 flags = regs->dx;
	if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE) ||
	    (flags & (GRND_RANDOM | GRND_INSECURE)) == (GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	return user_range(to, n) ? random_to_user(to, n) : -EFAULT;
}
