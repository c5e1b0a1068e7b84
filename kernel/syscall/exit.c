/* exit and exit_group. */
#include "syscall.h"
#include "task.h"

s64 sys_exit(struct pt_regs *regs)
{
	leave_user(regs->di & 0xff);
}

s64 sys_exit_group(struct pt_regs *regs)
{
	leave_user(regs->di & 0xff);
}
