/*
 * Work pending at the borders of a system call: what Linux does for a task that is traced or
 * audited.
 */
#include "private/mechanism.h"
#include "syscall/work.h"

/* The last call of a traced task, as an auditor would keep it. Not on the stack. */
static struct {
	u64 number, arguments[6], result;
	u64 entries, exits;
} trace;

static void trace_entry(const struct pt_regs *regs)
{
	trace.number = regs->orig_ax;
	trace.arguments[0] = regs->di;
	trace.arguments[1] = regs->si;
	trace.arguments[2] = regs->dx;
	trace.arguments[3] = regs->r10;
	trace.arguments[4] = regs->r8;
	trace.arguments[5] = regs->r9;
	trace.entries++;
}

static void trace_exit(const struct pt_regs *regs)
{
	trace.result = regs->ax;
	trace.exits++;
}

void syscall_enter_work(struct pt_regs *regs)
{
	if (current->work & WORK_ENTRY_TRACE)
		trace_entry(regs);
}

void syscall_leave_work(struct pt_regs *regs)
{
	if (current->work & WORK_EXIT_TRACE)
		trace_exit(regs);
	exit_work(regs);
}
