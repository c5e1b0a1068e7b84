/*
 * clone and clone3: new threads of the one process. What asks for anything else does not exist
 * here.
 */
#include "cpu/cpu.h"
#include "entry/erase.h"
#include "lib/lib.h"
#include "mm/mm.h"
#include "syscall/syscall.h"
#include "task/fpu.h"
#include "task/task.h"

#define CSIGNAL		     0xffull
#define CLONE_VM	     0x100ull
#define CLONE_FS	     0x200ull
#define CLONE_FILES	     0x400ull
#define CLONE_SIGHAND	     0x800ull
#define CLONE_THREAD	     0x10000ull
#define CLONE_SYSVSEM	     0x40000ull
#define CLONE_SETTLS	     0x80000ull
#define CLONE_PARENT_SETTID  0x100000ull
#define CLONE_CHILD_CLEARTID 0x200000ull
#define CLONE_DETACHED	     0x400000ull /* means nothing since long ago */
#define CLONE_UNTRACED	     0x800000ull
#define CLONE_CHILD_SETTID   0x1000000ull

#define NEEDED (CLONE_VM | CLONE_SIGHAND | CLONE_THREAD)
#define KNOWN                                                                                      \
	(NEEDED | CSIGNAL | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | CLONE_SETTLS |                \
	 CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | CLONE_DETACHED | CLONE_UNTRACED |            \
	 CLONE_CHILD_SETTID)

struct clone {
	u64 flags, stack, stack_size, tls, parent_tid, child_tid;
};

static s64 check(struct pt_regs *regs, const struct clone *clone)
{
	if (clone->flags & CLONE_SIGHAND && !(clone->flags & CLONE_VM))
		return -EINVAL;
	if (clone->flags & CLONE_THREAD && !(clone->flags & CLONE_SIGHAND))
		return -EINVAL;
	if ((clone->flags & NEEDED) != NEEDED || clone->flags & ~KNOWN)
		return sys_missing(syscall_args(regs)); /* a process, or a namespace of its own */
	if (clone->flags & CLONE_SETTLS && clone->tls >= USER_END)
		return -EPERM;
	return 0;
}

static void inherit(struct task *task, const struct clone *clone)
{
	struct pt_regs *regs = task_pt_regs(task);
	regs->ax = 0;
	if (clone->stack)
		regs->sp = clone->stack;
	fpu_save(task->fpu);
	irq_disable();
	segments_save(&task->segments);
	irq_enable();
	memcpy(task->segments.tls, current->segments.tls, sizeof(task->segments.tls));
	if (clone->flags & CLONE_SETTLS) {
		task->segments.fs = 0;
		task->segments.fs_base = clone->tls;
	}
	if (clone->flags & CLONE_CHILD_CLEARTID)
		task->clear_child_tid = clone->child_tid;
	task->blocked = current->blocked;
}

/* The child's number, for it and its parent; what cannot be written is not, as on Linux. */
static s64 start(const struct pt_regs *regs, const struct clone *clone)
{
	struct task *task = task_create(regs);
	if (!task)
		return -EAGAIN;
	s64 error = shstk_inherit(&task->shstk, clone->stack_size);
	if (error)
		return error;
	inherit(task, clone);
	if (clone->flags & CLONE_PARENT_SETTID)
		copy_to_user(clone->parent_tid, &task->tid, sizeof(task->tid));
	if (clone->flags & CLONE_CHILD_SETTID)
		copy_to_user(clone->child_tid, &task->tid, sizeof(task->tid));
	task_ready(task);
	return task->tid;
}

BIG_FRAME_BEGIN
s64 sys_clone(struct pt_regs *regs)
{
	struct clone clone = {(u32)regs->di, regs->si, 0, regs->r8, regs->dx, regs->r10};
	stack_mark();
	s64 error = check(regs, &clone);
	return error ? error : start(regs, &clone);
}
BIG_FRAME_END

/* Linux' struct clone_args; later versions are longer. */
struct clone_args {
	u64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	u64 set_tid, set_tid_size, cgroup;
};
#define MIN_SIZE offsetof(struct clone_args, set_tid)

/* A longer structure than ours is one of ours as long as the rest of it is zero. */
static s64 read_args(struct clone_args *args, u64 from, u64 size)
{
	if (size > PAGE_SIZE)
		return -E2BIG;
	if (size < MIN_SIZE)
		return -EINVAL;
	if (!copy_from_user(args, from, size < sizeof(*args) ? size : sizeof(*args)))
		return -EFAULT;
	for (u64 at = sizeof(*args); at < size; at++) {
		u8 byte;
		if (!copy_from_user(&byte, from + at, 1))
			return -EFAULT;
		if (byte)
			return -E2BIG;
	}
	return 0;
}

static s64 check_args(const struct clone_args *args)
{
	if (args->flags & (CSIGNAL | CLONE_DETACHED))
		return -EINVAL;
	if (args->flags & CLONE_THREAD && args->exit_signal)
		return -EINVAL;
	if (!args->stack != !args->stack_size || !user_range(args->stack, args->stack_size))
		return -EINVAL;
	return args->set_tid || args->set_tid_size ? -EINVAL : 0;
}

BIG_FRAME_BEGIN
s64 sys_clone3(struct pt_regs *regs)
{
	struct clone_args args = {0};
	stack_mark();
	s64 error = read_args(&args, regs->di, regs->si);
	if (!error)
		error = check_args(&args);
	if (error)
		return error;
	struct clone clone = {args.flags,      args.stack + args.stack_size,
			      args.stack_size, args.tls,
			      args.parent_tid, args.child_tid};
	error = check(regs, &clone);
	return error ? error : start(regs, &clone);
}
BIG_FRAME_END
