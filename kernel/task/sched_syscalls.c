/* Scheduling as ring 3 asks about it: there is one CPU and one policy. */
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "task/task.h"

enum { SCHED_OTHER, SCHED_FIFO, SCHED_RR, SCHED_BATCH, SCHED_IDLE = 5, SCHED_DEADLINE, SCHED_EXT };

#define MAX_PRIORITY 99u

static bool is_known(u32 tid)
{
	return !tid || task_find(tid);
}

s64 sys_sched_yield(const struct syscall_args *regs)
{
	(void)regs;
	current->work |= WORK_RESCHED; /* on the way out */
	return 0;
}

s64 sys_sched_getaffinity(const struct syscall_args *regs)
{
	static const u64 cpus = 1;
	u32 bits = (u32)regs->si * 8; /* of 32 as well, on Linux */
	if (!bits || (u32)regs->si % sizeof(cpus))
		return -EINVAL;
	if (!is_known(regs->di))
		return -ESRCH;
	return copy_to_user(regs->dx, &cpus, sizeof(cpus)) ? (s64)sizeof(cpus) : -EFAULT;
}

/* CPU 0 must be among those wished for. */
s64 sys_sched_setaffinity(const struct syscall_args *regs)
{
	u8 first = 0;
	if (regs->si && !copy_from_user(&first, regs->dx, 1))
		return -EFAULT;
	if (!is_known(regs->di))
		return -ESRCH;
	return first & 1 ? 0 : -EINVAL;
}

s64 sys_getcpu(const struct syscall_args *regs)
{
	static const u32 zero = 0;
	if (regs->di && !copy_to_user(regs->di, &zero, sizeof(zero)))
		return -EFAULT;
	return regs->si && !copy_to_user(regs->si, &zero, sizeof(zero)) ? -EFAULT : 0;
}

s64 sys_sched_getscheduler(const struct syscall_args *regs)
{
	if ((int)regs->di < 0)
		return -EINVAL;
	return is_known(regs->di) ? SCHED_OTHER : -ESRCH;
}

s64 sys_sched_getparam(const struct syscall_args *regs)
{
	static const u32 priority = 0;
	if ((int)regs->di < 0 || !regs->si)
		return -EINVAL;
	if (!is_known(regs->di))
		return -ESRCH;
	return copy_to_user(regs->si, &priority, sizeof(priority)) ? 0 : -EFAULT;
}

s64 sys_sched_setscheduler(const struct syscall_args *regs)
{
	u32 priority;
	if ((int)regs->di < 0 || !regs->dx)
		return -EINVAL;
	if (!copy_from_user(&priority, regs->dx, sizeof(priority)))
		return -EFAULT;
	if (!is_known(regs->di))
		return -ESRCH;
	switch ((u32)regs->si) {
	case SCHED_OTHER:
	case SCHED_BATCH:
	case SCHED_IDLE:
		return priority ? -EINVAL : 0;
	case SCHED_FIFO:
	case SCHED_RR:
		return priority - 1 < MAX_PRIORITY ? -EPERM
						   : -EINVAL; /* as without the privilege */
	}
	return -EINVAL;
}

/* The ordinary policies have no priorities, the others have 1 to 99. SCHED_EXT: Linux 6.12. */
s64 sys_sched_get_priority_max(const struct syscall_args *regs)
{
	switch ((u32)regs->di) {
	case SCHED_OTHER:
	case SCHED_BATCH:
	case SCHED_IDLE:
	case SCHED_DEADLINE:
	case SCHED_EXT:
		return 0;
	case SCHED_FIFO:
	case SCHED_RR:
		return MAX_PRIORITY;
	}
	return -EINVAL;
}

s64 sys_sched_get_priority_min(const struct syscall_args *regs)
{
	s64 most = sys_sched_get_priority_max(regs);
	return most > 0 ? 1 : most;
}
