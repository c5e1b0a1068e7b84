/*
 * kcfi=on: calls of system calls' functions by a hash of their type, as FineIBT has them on Linux
 * (since 6.2). The caller says in r10d which type it means, and where the pointer leads, the hash
 * is compared before the function runs (kcfi.S). Otherwise plain calls.
 */
#ifndef KERNEL_KCFI_H
#define KERNEL_KCFI_H

/* Any number does for a type, if no other type has it. */
#define SYSCALL_HASH 0x3c1f72ab
#define PRIVATE_HASH 0x51d60e94

#ifndef __ASSEMBLER__
#include "syscall/syscall.h"

#if CORE_KCFI
/*
 * Makes NOPs of the ENDBR64 that the functions themselves begin with, so that no indirect call
 * misses the comparison. Before the kernel's text is read-only.
 */
void kcfi_seal(void);

/* Whether `ip` is where a call by a wrong hash ends: #UD. */
bool kcfi_refused(u64 ip);

static inline __attribute__((always_inline)) s64 call_by_hash(const void *function,
							      const void *argument, u32 hash)
{
	s64 result;
	__asm__ volatile("mov %k[hash], %%r10d; call __x86_indirect_thunk_rax"
			 : "=a"(result), "+D"(argument)
			 : "a"(function), [hash] "ir"(hash)
			 : "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "memory", "cc");
	return result;
}

static inline __attribute__((always_inline)) s64 call_syscall(syscall_fn function,
							      const struct syscall_args *args)
{
	return call_by_hash((const void *)function, args, SYSCALL_HASH);
}

static inline __attribute__((always_inline)) s64 call_private_syscall(private_syscall_fn function,
								      struct pt_regs *regs)
{
	return call_by_hash((const void *)function, regs, PRIVATE_HASH);
}
#else
static inline void kcfi_seal(void)
{
}

static inline bool kcfi_refused(u64 ip)
{
	(void)ip;
	return false;
}

static inline __attribute__((always_inline)) s64 call_syscall(syscall_fn function,
							      const struct syscall_args *args)
{
	return function(args);
}

static inline __attribute__((always_inline)) s64 call_private_syscall(private_syscall_fn function,
								      struct pt_regs *regs)
{
	return function(regs);
}
#endif
#endif
#endif
