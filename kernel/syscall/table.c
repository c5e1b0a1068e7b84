/* Which function serves which number; the list is include/syscalls.def. */
#include "syscall/kcfi.h"
#include "syscall/syscall.h"

s64 sys_zero(const struct syscall_args *regs)
{
	(void)regs;
	return 0;
}

#if CORE_KCFI
/* What the pointers lead to (kcfi.S). */
#define LANDING(name, function) kcfi_##name
s64 kcfi_missing(const struct syscall_args *regs);
s64 kcfi_eb_deep(struct pt_regs *regs);
s64 kcfi_eb_audit(struct pt_regs *regs);
s64 kcfi_eb_cost(struct pt_regs *regs);
s64 kcfi_eb_stamps(struct pt_regs *regs);
s64 kcfi_eb_mechanism(struct pt_regs *regs);
#define SYSCALL(number, name, function) s64 kcfi_##name(const struct syscall_args *regs);
#include "syscall/syscalls.def"
#undef SYSCALL
#else
#define LANDING(name, function) function
#endif

#pragma GCC diagnostic ignored "-Woverride-init"
#ifdef __clang__
#pragma clang diagnostic ignored "-Winitializer-overrides"
#endif

#define SYSCALL(number, name, function)		 [number] = LANDING(name, function),
#define SYSCALL_ALL_REGS(number, name, function) [number] = (syscall_fn)LANDING(name, function),
const syscall_fn syscall_table[SYSCALLS] = {
    [0 ... SYSCALLS - 1] = LANDING(missing, sys_missing),
#include "syscall/syscalls.def"
};
#undef SYSCALL

const private_syscall_fn private_syscall_table[SYSCALLS_PRIVATE] = {
    [SYS_eb_deep - SYS_PRIVATE] = LANDING(eb_deep, sys_eb_deep),
    [SYS_eb_audit - SYS_PRIVATE] = LANDING(eb_audit, sys_eb_audit),
    [SYS_eb_cost - SYS_PRIVATE] = LANDING(eb_cost, sys_eb_cost),
    [SYS_eb_stamps - SYS_PRIVATE] = LANDING(eb_stamps, sys_eb_stamps),
    [SYS_eb_mechanism - SYS_PRIVATE] = LANDING(eb_mechanism, sys_eb_mechanism),
};
