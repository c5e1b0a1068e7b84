/* What time it is, in the forms that ring 3 asks for. */
#include "entry/erase.h"
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "task/task.h"
#include "time/time.h"

enum {
	CLOCK_REALTIME,
	CLOCK_MONOTONIC,
	CLOCK_PROCESS_CPUTIME_ID,
	CLOCK_THREAD_CPUTIME_ID,
	CLOCK_MONOTONIC_RAW,
	CLOCK_REALTIME_COARSE,
	CLOCK_MONOTONIC_COARSE,
	CLOCK_BOOTTIME,
	CLOCK_REALTIME_ALARM,
	CLOCK_BOOTTIME_ALARM,
	CLOCK_TAI = 11,
};

BIG_FRAME_BEGIN
s64 timespec_from_user(u64 from, u64 *ns)
{
	struct timespec time;
	stack_mark();
	if (!copy_from_user(&time, from, sizeof(time)))
		return -EFAULT;
	if (time.seconds < 0 || time.ns < 0 || time.ns >= (s64)NS_PER_SECOND)
		return -EINVAL;
	*ns = (u64)time.seconds >= NEVER / NS_PER_SECOND ? NEVER
							 : time.seconds * NS_PER_SECOND + time.ns;
	return 0;
}
BIG_FRAME_END

BIG_FRAME_BEGIN
s64 timespec_to_user(u64 to, u64 ns)
{
	struct timespec time = {ns / NS_PER_SECOND, ns % NS_PER_SECOND};
	stack_mark();
	return copy_to_user(to, &time, sizeof(time)) ? 0 : -EFAULT;
}
BIG_FRAME_END

u64 clock_read(u32 clock)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_REALTIME_ALARM:
	case CLOCK_TAI:
		return EPOCH_NS + clock_ns();
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
	case CLOCK_BOOTTIME_ALARM:
		return clock_ns();
	case CLOCK_PROCESS_CPUTIME_ID:
		return process_cpu_ns();
	case CLOCK_THREAD_CPUTIME_ID:
		return task_cpu_ns();
	}
	return NEVER;
}

/* Coarse and raw ones only tell the time; a sleep by CPU time would never end. */
bool clock_can_sleep(u32 clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC || clock == CLOCK_BOOTTIME ||
	       clock == CLOCK_TAI || clock == CLOCK_REALTIME_ALARM || clock == CLOCK_BOOTTIME_ALARM;
}

s64 sys_clock_gettime(const struct syscall_args *regs)
{
	u64 ns = clock_read(regs->di);
	return ns == NEVER ? -EINVAL : timespec_to_user(regs->si, ns);
}

s64 sys_clock_getres(const struct syscall_args *regs)
{
	if (clock_read(regs->di) == NEVER)
		return -EINVAL;
	return regs->si ? timespec_to_user(regs->si, 1) : 0;
}

BIG_FRAME_BEGIN
s64 sys_gettimeofday(const struct syscall_args *regs)
{
	struct timeval now;
	struct {
		int minutes_west, dst;
	} zone = {0, 0};
	u64 ns = EPOCH_NS + clock_ns();
	stack_mark();
	now.seconds = ns / NS_PER_SECOND;
	now.us = ns % NS_PER_SECOND / NS_PER_US;
	if (regs->di && !copy_to_user(regs->di, &now, sizeof(now)))
		return -EFAULT;
	return regs->si && !copy_to_user(regs->si, &zone, sizeof(zone)) ? -EFAULT : 0;
}
BIG_FRAME_END

s64 sys_time(const struct syscall_args *regs)
{
	s64 seconds = (EPOCH_NS + clock_ns()) / NS_PER_SECOND;
	if (regs->di && !copy_to_user(regs->di, &seconds, sizeof(seconds)))
		return -EFAULT;
	return seconds;
}
