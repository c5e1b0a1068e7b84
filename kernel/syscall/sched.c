/* What ring 3 asks about scheduling: there is one CPU and one policy. */
#include "mm.h"
#include "proc.h"
#include "syscall.h"
#include "task.h"

static bool is_known(u32 pid)
{
	return !pid || pid == current->tid;
}

s64 sys_sched_getaffinity(struct pt_regs *regs)
{
	static const u64 cpus = 1;
	if (regs->si < sizeof(cpus) || regs->si % sizeof(cpus))
		return -EINVAL;
	if (!is_known(regs->di))
		return -ESRCH;
	return copy_to_user(regs->dx, &cpus, sizeof(cpus)) ? (s64)sizeof(cpus) : -EFAULT;
}

s64 sys_set_robust_list(struct pt_regs *regs)
{
	if (regs->si != 24) /* size of struct robust_list_head */
		return -EINVAL;
	current->robust_list = regs->di;
	return 0;
}
