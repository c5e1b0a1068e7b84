/* Which function serves which number. */
#include "syscall.h"
#include "task.h"

static s64 sys_ni(struct pt_regs *regs)
{
	(void)regs;
	return -ENOSYS;
}

static s64 sys_zero(struct pt_regs *regs)
{
	(void)regs;
	return 0;
}

static s64 sys_getpid(struct pt_regs *regs)
{
	(void)regs;
	return 1;
}

static s64 sys_exit(struct pt_regs *regs)
{
	leave_user(regs->di & 0xff);
}

#pragma GCC diagnostic ignored "-Woverride-init"
#ifdef __clang__
#pragma clang diagnostic ignored "-Winitializer-overrides"
#endif

const syscall_fn syscall_table[SYSCALLS] = {
    [0 ... SYSCALLS - 1] = sys_ni, [SYS_read] = sys_read,
    [SYS_write] = sys_write,	   [SYS_mmap] = sys_mmap,
    [SYS_mprotect] = sys_mprotect, [SYS_munmap] = sys_munmap,
    [SYS_brk] = sys_brk,	   [SYS_writev] = sys_writev,
    [SYS_getpid] = sys_getpid,	   [SYS_exit] = sys_exit,
    [SYS_getuid] = sys_zero,	   [SYS_getgid] = sys_zero,
    [SYS_geteuid] = sys_zero,	   [SYS_getegid] = sys_zero,
    [SYS_getppid] = sys_zero,	   [SYS_arch_prctl] = sys_arch_prctl,
    [SYS_gettid] = sys_getpid,	   [SYS_set_tid_address] = sys_getpid,
    [SYS_exit_group] = sys_exit,
};

const syscall_fn private_syscall_table[SYSCALLS_PRIVATE] = {
    [SYS_eb_deep - SYS_PRIVATE] = sys_eb_deep,
    [SYS_eb_audit - SYS_PRIVATE] = sys_eb_audit,
    [SYS_eb_price - SYS_PRIVATE] = sys_eb_price,
    [SYS_eb_stamps - SYS_PRIVATE] = sys_eb_stamps,
};
