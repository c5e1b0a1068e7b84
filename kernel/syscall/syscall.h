/* System calls: numbers and errno values are those of Linux on x86-64. */
#ifndef KERNEL_SYSCALL_H
#define KERNEL_SYSCALL_H

#include "entry/pt_regs.h"
#include "lib/types.h"

enum errno_values {
	EPERM = 1,
	ENOENT = 2,
	ESRCH = 3,
	EINTR = 4,
	EIO = 5,
	ENXIO = 6,
	E2BIG = 7,
	ENOEXEC = 8,
	EBADF = 9,
	EAGAIN = 11,
	ENOMEM = 12,
	EACCES = 13,
	EFAULT = 14,
	EBUSY = 16,
	EEXIST = 17,
	EXDEV = 18,
	ENODEV = 19,
	ENOTDIR = 20,
	EISDIR = 21,
	EINVAL = 22,
	ENFILE = 23,
	EMFILE = 24,
	ENOTTY = 25,
	EFBIG = 27,
	ENOSPC = 28,
	ESPIPE = 29,
	EROFS = 30,
	EPIPE = 32,
	ERANGE = 34,
	EDEADLK = 35,
	ENAMETOOLONG = 36,
	ENOSYS = 38,
	ENOTEMPTY = 39,
	EOVERFLOW = 75,
	ENOTSUP = 95,
	ETIMEDOUT = 110,
};

#define SYSCALL(number, name, function) SYS_##name = (number),
enum syscall_number {
#include "syscall/syscalls.def"
	SYSCALLS = 512,	    /* the table's size */
	SYS_PRIVATE = 4096, /* the core's own numbers start here (docs/architecture.md) */
	SYS_eb_deep = SYS_PRIVATE,
	SYS_eb_audit,
	SYS_eb_cost,
	SYS_eb_stamps,
	SYS_eb_mechanism,
	SYSCALLS_PRIVATE = 5,
};
#undef SYSCALL

/*
 * What every entry path has saved when it calls a system call's function: pt_regs with no names for
 * the rest. So the compiler holds all functions but those of SYSCALL_ALL_REGS to reading no other
 * register of ring 3 and changing none, which fast paths count on (linux-4.4, lean).
 */
struct syscall_args {
	u64 : 64, : 64, : 64, : 64, : 64, : 64, : 64;
	u64 r10, r9, r8;
	u64 : 64, : 64;
	u64 dx, si, di;
	u64 orig_ax; /* the number */
};
#define SAME_PLACE(register)                                                                       \
	_Static_assert(offsetof(struct syscall_args, register) ==                                  \
			   offsetof(struct pt_regs, register),                                     \
		       "a part of pt_regs")
SAME_PLACE(r10);
SAME_PLACE(r9);
SAME_PLACE(r8);
SAME_PLACE(dx);
SAME_PLACE(si);
SAME_PLACE(di);
SAME_PLACE(orig_ax);
#undef SAME_PLACE

static inline const struct syscall_args *syscall_args(const struct pt_regs *regs)
{
	return (const struct syscall_args *)regs;
}

typedef s64 (*syscall_fn)(const struct syscall_args *regs);
typedef s64 (*private_syscall_fn)(struct pt_regs *regs);
extern const syscall_fn syscall_table[SYSCALLS];
extern const private_syscall_fn private_syscall_table[SYSCALLS_PRIVATE];

/*
 * `index` where it is below `size`, else 0, without a branch: a mispredicted bounds check cannot
 * read beyond the table (Spectre v1; the same trick as Linux' array_index_nospec).
 */
static inline u64 index_nospec(u64 index, u64 size)
{
	u64 mask;
	__asm__ volatile("cmp %2, %1; sbb %0, %0" : "=r"(mask) : "r"(index), "er"(size) : "cc");
	return index & mask;
}

s64 sys_missing(const struct syscall_args *regs); /* ENOSYS, counted */
s64 sys_missing_beyond(void);			  /* the same for a number that no table has */

/* Tells the host which system calls the program missed, and forgets them. */
void missing_report(void);

/*
 * Returns with IRQs off. The second also says whether SYSRET gives ring 3 just what pt_regs holds
 * then.
 */
/* nr: EAX of ring 3, zero-extended. */
void do_syscall_64(struct pt_regs *regs, u64 nr);
bool do_syscall_64_choosing(struct pt_regs *regs, u64 nr);
/* The same, but for the table that leads to the function. */
void do_syscall_64_switch(struct pt_regs *regs, u64 nr);
bool do_syscall_64_switch_choosing(struct pt_regs *regs, u64 nr);

/* `nr` from SYS_PRIVATE up. */
s64 private_syscall(struct pt_regs *regs, u64 nr);

#define SYSCALL(number, name, function)		 s64 function(const struct syscall_args *regs);
#define SYSCALL_ALL_REGS(number, name, function) s64 function(struct pt_regs *regs);
#include "syscall/syscalls.def"
#undef SYSCALL

s64 sys_eb_deep(struct pt_regs *regs);
s64 sys_eb_audit(struct pt_regs *regs);
s64 sys_eb_cost(struct pt_regs *regs);
s64 sys_eb_stamps(struct pt_regs *regs);
s64 sys_eb_mechanism(struct pt_regs *regs);

#endif
