/*
 * The fast path's own table in variant linux-4.4: as the core's, but a stub where a function needs
 * a full pt_regs.
 */
#include "syscall/syscall.h"

s64 all_regs_stub(struct pt_regs *regs);
extern const syscall_fn linux_4_4_table[SYSCALLS];

#pragma GCC diagnostic ignored "-Woverride-init"
#ifdef __clang__
#pragma clang diagnostic ignored "-Winitializer-overrides"
#endif

#define SYSCALL(number, name, function)		 [number] = function,
#define SYSCALL_ALL_REGS(number, name, function) [number] = all_regs_stub,
__attribute__((section(".entry.table"))) const syscall_fn linux_4_4_table[SYSCALLS] = {
    [0 ... SYSCALLS - 1] = sys_missing,
#include "syscall/syscalls.def"
};
