/* Sending signals: the only process there is to send to is this one. */
#include "entry/erase.h"
#include "mm/mm.h"
#include "signal/signal.h"
#include "syscall/syscall.h"
#include "task/process.h"
#include "task/task.h"

#define NOBODY ((struct task *)-1)

BIG_FRAME_BEGIN
static __attribute__((noinline)) s64 send(struct task *task, u32 signal, int code)
{
	struct signal_info info = {.signal = signal, .code = code, .first = PROCESS_ID};
	stack_mark();
	if (task == NOBODY)
		return -ESRCH;
	if (signal > SIGNALS)
		return -EINVAL;
	return signal ? signal_send(task, &info) : 0;
}
BIG_FRAME_END

/*
 * Process 0 and the negative of the own one are the process group, of which this process is all
 * there is.
 */
static bool is_this_process(int pid)
{
	return pid == PROCESS_ID || pid == 0 || pid == -PROCESS_ID;
}

static struct task *task_or_nobody(u32 tid)
{
	struct task *task = task_find(tid);
	return task ? task : NOBODY;
}

s64 sys_kill(const struct syscall_args *regs)
{
	return send(is_this_process(regs->di) ? NULL : NOBODY, regs->si, SI_USER);
}

s64 sys_tkill(const struct syscall_args *regs)
{
	if ((int)regs->di <= 0)
		return -EINVAL;
	return send(task_or_nobody(regs->di), regs->si, SI_TKILL);
}

s64 sys_tgkill(const struct syscall_args *regs)
{
	if ((int)regs->di <= 0 || (int)regs->si <= 0)
		return -EINVAL;
	struct task *task = (u32)regs->di == PROCESS_ID ? task_or_nobody(regs->si) : NOBODY;
	return send(task, regs->dx, SI_TKILL);
}

/* What ring 3 tells others of a signal itself must not look as if the kernel, or kill, said it. */
BIG_FRAME_BEGIN
static __attribute__((noinline)) s64 send_told(u32 process, struct task *task, u32 signal, u64 from)
{
	struct signal_info info;
	stack_mark();
	if (!copy_from_user(&info, from, sizeof(info)))
		return -EFAULT;
	if ((info.code >= 0 || info.code == SI_TKILL) && process != PROCESS_ID)
		return -EPERM;
	if (task == NOBODY)
		return -ESRCH;
	if (signal > SIGNALS)
		return -EINVAL;
	info.signal = signal;
	return signal ? signal_send(task, &info) : 0;
}
BIG_FRAME_END

s64 sys_rt_sigqueueinfo(const struct syscall_args *regs)
{
	u32 process = regs->di;
	return send_told(process, process == PROCESS_ID ? NULL : NOBODY, regs->si, regs->dx);
}

s64 sys_rt_tgsigqueueinfo(const struct syscall_args *regs)
{
	if ((int)regs->di <= 0 || (int)regs->si <= 0)
		return -EINVAL;
	struct task *task = (u32)regs->di == PROCESS_ID ? task_or_nobody(regs->si) : NOBODY;
	return send_told(regs->si, task, regs->dx, regs->r10);
}
