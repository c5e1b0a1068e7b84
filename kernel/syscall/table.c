/* Which function serves which number; the list is include/syscalls.def. */
#include "syscall/syscall.h"

s64 sys_zero(const struct syscall_args *regs)
{
	(void)regs;
	return 0;
}

#pragma GCC diagnostic ignored "-Woverride-init"
#ifdef __clang__
#pragma clang diagnostic ignored "-Winitializer-overrides"
#endif

#define SYSCALL(number, name, function)		 [number] = function,
#define SYSCALL_ALL_REGS(number, name, function) [number] = (syscall_fn)function,
const syscall_fn syscall_table[SYSCALLS] = {
    [0 ... SYSCALLS - 1] = sys_missing,
#include "syscall/syscalls.def"
};
#undef SYSCALL

const private_syscall_fn private_syscall_table[SYSCALLS_PRIVATE] = {
    [SYS_eb_deep - SYS_PRIVATE] = sys_eb_deep,
    [SYS_eb_audit - SYS_PRIVATE] = sys_eb_audit,
    [SYS_eb_cost - SYS_PRIVATE] = sys_eb_cost,
    [SYS_eb_stamps - SYS_PRIVATE] = sys_eb_stamps,
    [SYS_eb_mechanism - SYS_PRIVATE] = sys_eb_mechanism,
};
