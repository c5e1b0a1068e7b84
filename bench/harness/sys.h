/*
 * System calls of benchmark programs: Linux' numbers, errno values and the few calls that the
 * harness itself makes.
 */
#ifndef BENCH_SYS_H
#define BENCH_SYS_H

#include <stdbool.h>
#include <stddef.h>

/* Plain decimal, so that they also paste into assembly text. */
#define SYS_WRITE   1
#define SYS_MADVISE 28
#define SYS_GETPPID 110
#define SYS_EXIT    231 /* exit_group */
#define SYS_UNKNOWN 987654321
#define SYS_EB_DEEP 4096

#define SYS_ENOSYS 38

#define MADVISE_NOHUGEPAGE 15

long sys_call(long number, long a, long b, long c, long d, long e, long f);
long sys_call_int80(long number, long a, long b, long c);

/*
 * Does SYSCALL reach a kernel? Variant "floor" returns at once, with RAX as it was. There the
 * harness' own calls go by INT 0x80 with the numbers of Linux' 32-bit interface.
 */
bool sys_reaches_kernel(void);

/* Looks which of the two ways works. Before any other call. */
void sys_init(void);

/* Writes all of it; false if the kernel does not take it. */
bool sys_write_all(int fd, const char *text, size_t size);

_Noreturn void sys_exit(int status);

#endif
