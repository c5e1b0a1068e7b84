/*
 * The table of paths that call a system call's function from assembly, with no more than struct
 * syscall_args saved: as the core's, but a stub where a function needs a full pt_regs, and for the
 * number SYSCALLS, which stands for all that no table has. The stub belongs to the path.
 */
#include "syscall/syscall.h"

s64 all_regs_stub(const struct syscall_args *regs);
extern const syscall_fn fast_table[SYSCALLS + 1];

#pragma GCC diagnostic ignored "-Woverride-init"
#ifdef __clang__
#pragma clang diagnostic ignored "-Winitializer-overrides"
#endif

#define SYSCALL(number, name, function)		 [number] = function,
#define SYSCALL_ALL_REGS(number, name, function) [number] = all_regs_stub,
__attribute__((section(".entry.table"))) const syscall_fn fast_table[SYSCALLS + 1] = {
    [0 ... SYSCALLS - 1] = sys_missing,
#include "syscall/syscalls.def"
    [SYSCALLS] = all_regs_stub,
};
