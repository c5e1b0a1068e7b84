/*
 * Signals on the way out to ring 3: a handler's frame, the default action, and the system call that
 * a signal interrupted.
 */
#include "entry/erase.h"
#include "lib/lib.h"
#include "signal/signal.h"
#include "syscall/syscall.h"
#include "task/process.h"
#include "task/task.h"

/* SYSCALL and INT 0x80 are both two bytes long. */
static void call_again(struct pt_regs *regs)
{
	regs->ax = regs->orig_ax;
	regs->ip -= 2;
}

static bool is_in_syscall(const struct pt_regs *regs)
{
	return (int)regs->orig_ax != -1;
}

/* No handler runs, so an interrupted call simply goes on. */
static void restart_without_handler(struct pt_regs *regs)
{
	s64 result = regs->ax;
	if (is_in_syscall(regs) && (result == -ERESTARTSYS || result == -ERESTARTNOHAND))
		call_again(regs);
}

static void restart_with_handler(struct pt_regs *regs, const struct signal_action *action)
{
	s64 result = regs->ax;
	if (!is_in_syscall(regs))
		return;
	if (result == -ERESTARTSYS && action->flags & SA_RESTART)
		call_again(regs);
	else if (result == -ERESTARTSYS || result == -ERESTARTNOHAND)
		regs->ax = -EINTR;
}

/* The mask that the frame keeps: what was blocked before, or before sigsuspend. */
static sigset_t mask_to_keep(void)
{
	sigset_t mask = current->restore_blocked ? current->saved_blocked : current->blocked;
	current->restore_blocked = false;
	return mask;
}

static void handle(struct pt_regs *regs, const struct signal_action *action,
		   const struct signal_info *info)
{
	restart_with_handler(regs, action);
	if ((current->rseq.area && !rseq_leave_for_handler(regs)) ||
	    !signal_frame_make(regs, action, info, mask_to_keep())) {
		/*
		 * no way out of a restartable sequence, or no room for the frame: as on Linux, and
		 * for good where it was SIGSEGV's own
		 */
		if (info->signal == SIGSEGV)
			signal_force_default(SIGSEGV);
		else
			signal_force(SIGSEGV, SI_KERNEL, 0);
		return;
	}
	sigset_t blocked = current->blocked | action->mask;
	if (!(action->flags & SA_NODEFER))
		blocked |= SIGSET(info->signal);
	signal_set_blocked(blocked);
}

/*
 * Whether a handler is to run now. The default action of all signals but those ignored is to end:
 * nobody is there to continue a program that stops.
 */
static bool act(struct pt_regs *regs, const struct signal_info *info)
{
	static struct signal_action action;
	int signal = info->signal;
	action = process.actions[signal - 1];
	if (signal_is_ignored(signal))
		return false;
	if (action.handler == SIG_DFL)
		leave_user(TASK_KILLED + signal);
	if (action.flags & SA_RESETHAND)
		process.actions[signal - 1].handler = SIG_DFL;
	handle(regs, &action, info);
	return true;
}

void signal_deliver(struct pt_regs *regs)
{
	static struct signal_info info;
	bool handled = false;
	current->work &= ~WORK_SIGNAL;
	while (signal_take(~current->blocked, &info))
		handled |= act(regs, &info);
	if (handled)
		return;
	restart_without_handler(regs);
	if (current->restore_blocked) {
		current->restore_blocked = false;
		signal_set_blocked(current->saved_blocked);
	}
}
