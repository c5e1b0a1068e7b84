/* The end of a task, and with the last one of the program. */
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "task/task.h"
#include "thread/futex.h"

/*
 * Tells pthread_join and its like that the thread is gone. Nobody is there to be told by the last
 * one.
 */
static void tell_joiners(struct task *task)
{
	static const u32 gone = 0;
	if (!task->clear_child_tid || tasks_alive() == 1)
		return;
	copy_to_user(task->clear_child_tid, &gone, sizeof(gone));
	futex_wake(task->clear_child_tid, 1, FUTEX_ANY);
}

void task_exit(int code)
{
	struct task *task = current;
	robust_list_exit(task);
	tell_joiners(task);
	signal_forget(task);
	shstk_exit();
	if (tasks_alive() == 1)
		leave_user(code);
	task->state = TASK_FREE;
	schedule();
	__builtin_unreachable();
}

s64 sys_exit(const struct syscall_args *regs)
{
	task_exit(regs->di & 0xff);
}

s64 sys_exit_group(const struct syscall_args *regs)
{
	leave_user(regs->di & 0xff);
}
