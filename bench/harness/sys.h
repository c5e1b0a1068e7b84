/*
 * System calls of benchmark programs: Linux' numbers, errno values and the few calls that the
 * harness itself makes.
 */
#ifndef BENCH_SYS_H
#define BENCH_SYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sys_numbers.h"

/* By SYSCALL; -ENOSYS where that reaches no kernel. */
long sys_call(long number, long a, long b, long c, long d, long e, long f);

/* By INT 0x80, with the numbers of Linux' 32-bit interface; all values below 4 GiB. */
long sys_call_int80(long number, long a, long b, long c);

/*
 * Reads what the kernel put on the initial stack, and looks whether SYSCALL works. Before any other
 * call.
 */
void sys_init(const long *stack);

/* An entry of the auxiliary vector; false if the kernel gave none of that type. */
bool sys_aux(uint64_t type, uint64_t *value);

/*
 * Does SYSCALL reach a kernel? Variant `floor` returns at once, with RAX as it was. There the
 * harness' own calls go by INT 0x80.
 */
bool sys_reaches_kernel(void);

/* Writes all of it; false if the kernel does not take it. */
bool sys_write_all(int fd, const char *text, size_t size);

_Noreturn void sys_exit(int status);

#endif
