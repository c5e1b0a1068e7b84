/* prctl: what of it means anything for a process that is alone. */
#include "lib/lib.h"
#include "mm/mm.h"
#include "signal/signal.h"
#include "syscall/syscall.h"
#include "task/process.h"
#include "task/task.h"

enum {
	PR_SET_PDEATHSIG = 1,
	PR_GET_PDEATHSIG,
	PR_GET_DUMPABLE,
	PR_SET_DUMPABLE,
	PR_SET_NAME = 15,
	PR_GET_NAME,
	PR_SET_NO_NEW_PRIVS = 38,
	PR_GET_NO_NEW_PRIVS,
};

/* As much of the name as there is room for, always terminated. */
static s64 set_name(u64 from)
{
	static char name[sizeof(current->name)];
	memset(name, 0, sizeof(name));
	for (unsigned i = 0; i + 1 < sizeof(name); i++) {
		if (!copy_from_user(name + i, from + i, 1))
			return -EFAULT;
		if (!name[i])
			break;
	}
	memcpy(current->name, name, sizeof(name));
	return 0;
}

s64 sys_prctl(const struct syscall_args *regs)
{
	bool rest = regs->dx || regs->r10 || regs->r8;
	switch ((u32)regs->di) {
	case PR_SET_NAME:
		return set_name(regs->si);
	case PR_GET_NAME:
		return copy_to_user(regs->si, current->name, sizeof(current->name)) ? 0 : -EFAULT;
	case PR_SET_PDEATHSIG:
		if (regs->si > SIGNALS)
			return -EINVAL;
		process.parent_death_signal = regs->si;
		return 0;
	case PR_GET_PDEATHSIG:
		return copy_to_user(regs->si, &process.parent_death_signal, sizeof(u32)) ? 0
											 : -EFAULT;
	case PR_GET_DUMPABLE:
		return process.dumpable;
	case PR_SET_DUMPABLE:
		if (regs->si > 1)
			return -EINVAL;
		process.dumpable = regs->si;
		return 0;
	case PR_SET_NO_NEW_PRIVS:
		if (regs->si != 1 || rest)
			return -EINVAL;
		process.no_new_privileges = true;
		return 0;
	case PR_GET_NO_NEW_PRIVS:
		return regs->si || rest ? -EINVAL : process.no_new_privileges;
	}
	return -EINVAL;
}
