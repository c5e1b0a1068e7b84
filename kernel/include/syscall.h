/* System calls: numbers and errno values are those of Linux on x86-64. */
#ifndef KERNEL_SYSCALL_H
#define KERNEL_SYSCALL_H

#include "pt_regs.h"
#include "types.h"

enum errno_values {
	EPERM = 1,
	ENOENT = 2,
	ESRCH = 3,
	EINTR = 4,
	EIO = 5,
	E2BIG = 7,
	ENOEXEC = 8,
	EBADF = 9,
	EAGAIN = 11,
	ENOMEM = 12,
	EACCES = 13,
	EFAULT = 14,
	EEXIST = 17,
	ENODEV = 19,
	EINVAL = 22,
	ENOTTY = 25,
	ESPIPE = 29,
	ENAMETOOLONG = 36,
	ENOSYS = 38,
	ENOTSUP = 95,
};

enum syscall_number {
	SYS_read = 0,
	SYS_write = 1,
	SYS_mmap = 9,
	SYS_mprotect = 10,
	SYS_munmap = 11,
	SYS_brk = 12,
	SYS_writev = 20,
	SYS_getpid = 39,
	SYS_exit = 60,
	SYS_getuid = 102,
	SYS_getgid = 104,
	SYS_geteuid = 107,
	SYS_getegid = 108,
	SYS_getppid = 110,
	SYS_arch_prctl = 158,
	SYS_gettid = 186,
	SYS_set_tid_address = 218,
	SYS_exit_group = 231,
	SYSCALLS = 512,	    /* the table's size */
	SYS_PRIVATE = 4096, /* the core's own numbers start here (docs/architecture.md) */
	SYS_eb_deep = SYS_PRIVATE,
	SYS_eb_audit,
	SYS_eb_price,
	SYS_eb_stamps,
	SYSCALLS_PRIVATE = 4,
};

typedef s64 (*syscall_fn)(struct pt_regs *regs);
extern const syscall_fn syscall_table[SYSCALLS];
extern const syscall_fn private_syscall_table[SYSCALLS_PRIVATE];

/*
 * `index` where it is below `size`, else 0, without a branch: a mispredicted bounds check cannot read beyond the table
 * (Spectre v1; the same trick as Linux' array_index_nospec).
 */
static inline u64 index_nospec(u64 index, u64 size)
{
	u64 mask;
	__asm__ volatile("cmp %2, %1; sbb %0, %0" : "=r"(mask) : "r"(index), "er"(size) : "cc");
	return index & mask;
}

/* Returns with IRQs off. The second also says whether SYSRET gives ring 3 just what pt_regs holds then. */
void do_syscall_64(struct pt_regs *regs, int nr);
bool do_syscall_64_choosing(struct pt_regs *regs, int nr);
void do_int80(struct pt_regs *regs);

/* `nr` from SYS_PRIVATE up. */
s64 private_syscall(struct pt_regs *regs, u64 nr);

s64 sys_read(struct pt_regs *regs);
s64 sys_write(struct pt_regs *regs);
s64 sys_writev(struct pt_regs *regs);
s64 sys_mmap(struct pt_regs *regs);
s64 sys_mprotect(struct pt_regs *regs);
s64 sys_munmap(struct pt_regs *regs);
s64 sys_brk(struct pt_regs *regs);
s64 sys_arch_prctl(struct pt_regs *regs);
s64 sys_eb_deep(struct pt_regs *regs);
s64 sys_eb_audit(struct pt_regs *regs);
s64 sys_eb_price(struct pt_regs *regs);
s64 sys_eb_stamps(struct pt_regs *regs);

#endif
