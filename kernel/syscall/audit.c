/* Questions that the conformance tests ask the core from ring 3 (include/entrybench/audit.h). */
#include "syscall.h"

s64 sys_eb_audit(struct pt_regs *regs)
{
	(void)regs;
	return -EINVAL;
}

void audit_change_regs(struct pt_regs *regs)
{
	(void)regs;
}
