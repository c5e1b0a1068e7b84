/* What ring 3 asks about signals: actions, masks, stacks, waiting, sending. */
#include "entry/erase.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "signal/signal.h"
#include "syscall/syscall.h"
#include "task/process.h"
#include "task/task.h"

#define MIN_STACK 2048

enum { SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK };

s64 sys_rt_sigaction(const struct syscall_args *regs)
{
	static struct signal_action action, old;
	u32 signal = regs->di;
	if (regs->r10 != sizeof(sigset_t))
		return -EINVAL;
	if (regs->si && !copy_from_user(&action, regs->si, sizeof(action)))
		return -EFAULT;
	if (signal < 1 || signal > SIGNALS || (regs->si && SIGSET(signal) & UNBLOCKABLE))
		return -EINVAL;
	old = process.actions[index_nospec(signal - 1, SIGNALS)];
	if (regs->si)
		signal_set_action(signal, &action);
	if (regs->dx && !copy_to_user(regs->dx, &old, sizeof(old)))
		return -EFAULT;
	return 0;
}

s64 sys_rt_sigprocmask(const struct syscall_args *regs)
{
	sigset_t old = current->blocked, set;
	if (regs->r10 != sizeof(sigset_t))
		return -EINVAL;
	if (regs->si) {
		if (!copy_from_user(&set, regs->si, sizeof(set)))
			return -EFAULT;
		switch ((u32)regs->di) {
		case SIG_BLOCK:
			set |= old;
			break;
		case SIG_UNBLOCK:
			set = old & ~set;
			break;
		case SIG_SETMASK:
			break;
		default:
			return -EINVAL;
		}
		signal_set_blocked(set);
	}
	return regs->dx && !copy_to_user(regs->dx, &old, sizeof(old)) ? -EFAULT : 0;
}

s64 sys_rt_sigpending(const struct syscall_args *regs)
{
	sigset_t set = (current->pending.set | process.pending.set) & current->blocked;
	if (regs->si > sizeof(set))
		return -EINVAL;
	return copy_to_user(regs->di, &set, regs->si) ? 0 : -EFAULT;
}

/* ---- the signal stack ---- */

static bool is_the_same(const struct signal_stack *a, const struct signal_stack *b)
{
	return a->sp == b->sp && a->size == b->size && a->flags == b->flags;
}

s64 signal_stack_check(const struct signal_stack *stack, u64 sp)
{
	u32 mode = stack->flags & ~SS_AUTODISARM;
	if (signal_stack_flags(sp) == SS_ONSTACK)
		return -EPERM;
	if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0)
		return -EINVAL;
	if (is_the_same(stack, &current->signal_stack))
		return 0;
	return mode != SS_DISABLE && stack->size < MIN_STACK ? -ENOMEM : 0;
}

void signal_stack_set(const struct signal_stack *stack)
{
	current->signal_stack = *stack;
	if ((stack->flags & ~SS_AUTODISARM) == SS_DISABLE)
		current->signal_stack = (struct signal_stack){.flags = stack->flags};
}

s64 sys_sigaltstack(struct pt_regs *regs)
{
	static struct signal_stack wanted, old;
	old = current->signal_stack;
	old.flags = signal_stack_flags(regs->sp) | (old.flags & SS_AUTODISARM);
	if (regs->di) {
		if (!copy_from_user(&wanted, regs->di, sizeof(wanted)))
			return -EFAULT;
		s64 error = signal_stack_check(&wanted, regs->sp);
		if (error)
			return error;
		signal_stack_set(&wanted);
	}
	return regs->si && !copy_to_user(regs->si, &old, sizeof(old)) ? -EFAULT : 0;
}

/* ---- waiting ---- */

s64 sys_pause(const struct syscall_args *regs)
{
	(void)regs;
	while (task_wait(NEVER) != -EINTR)
		;
	return -ERESTARTNOHAND;
}

s64 sys_rt_sigsuspend(const struct syscall_args *regs)
{
	sigset_t set;
	if (regs->si != sizeof(set))
		return -EINVAL;
	if (!copy_from_user(&set, regs->di, sizeof(set)))
		return -EFAULT;
	current->saved_blocked = current->blocked;
	current->restore_blocked = true;
	signal_set_blocked(set);
	while (task_wait(NEVER) != -EINTR)
		;
	return -ERESTARTNOHAND;
}

/* Waits for one of `set`, blocked though it is. */
static s64 wait_for(sigset_t set, u64 deadline, struct signal_info *info)
{
	if (signal_take(set, info))
		return info->signal;
	current->awaited = set;
	s64 result = task_wait(deadline) == -EINTR ? -EINTR : -EAGAIN;
	current->awaited = 0;
	return signal_take(set, info) ? info->signal : result;
}

s64 sys_rt_sigtimedwait(const struct syscall_args *regs)
{
	static struct signal_info info;
	sigset_t set;
	u64 wait = NEVER;
	if (regs->r10 != sizeof(set))
		return -EINVAL;
	if (!copy_from_user(&set, regs->di, sizeof(set)))
		return -EFAULT;
	s64 result = regs->dx ? timespec_from_user(regs->dx, &wait) : 0;
	if (!result)
		result = wait_for(set & ~UNBLOCKABLE, clock_after(wait), &info);
	if (result > 0 && regs->si && !copy_to_user(regs->si, &info, sizeof(info)))
		return -EFAULT;
	return result;
}
