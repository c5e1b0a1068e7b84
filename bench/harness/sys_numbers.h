/*
 * Linux' system call numbers and errno values that the programs use. Plain decimal: they also paste
 * into assembly.
 */
#ifndef BENCH_SYS_NUMBERS_H
#define BENCH_SYS_NUMBERS_H

#define SYS_READ	    0
#define SYS_WRITE	    1
#define SYS_MMAP	    9
#define SYS_RT_SIGACTION    13
#define SYS_RT_SIGRETURN    15
#define SYS_MADVISE	    28
#define SYS_GETPID	    39
#define SYS_GETRUSAGE	    98
#define SYS_GETPPID	    110
#define SYS_MLOCKALL	    151
#define SYS_PRCTL	    157
#define SYS_ARCH_PRCTL	    158
#define SYS_GETTID	    186
#define SYS_TIME	    201
#define SYS_CLOCK_GETTIME   228
#define SYS_EXIT_GROUP	    231
#define SYS_TGKILL	    234
#define SYS_PERF_EVENT_OPEN 298
#define SYS_SECCOMP	    317
#define SYS_UNKNOWN	    987654321 /* no kernel has it */
#define SYS_EB_DEEP	    4096      /* this project's core: docs/architecture.md */

/* Of the 32-bit table. */
#define SYS_INT80_EXIT	  252 /* exit_group */
#define SYS_INT80_WRITE	  4
#define SYS_INT80_GETPPID 64

#define SYS_ENOSYS 38

#define MADVISE_DONTNEED   4
#define MADVISE_NOHUGEPAGE 15

#endif
