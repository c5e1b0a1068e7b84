/* Signal numbers of Linux on x86-64. */
#ifndef KERNEL_SIGNAL_H
#define KERNEL_SIGNAL_H

#define SIGILL	4
#define SIGTRAP 5
#define SIGBUS	7
#define SIGFPE	8
#define SIGKILL 9
#define SIGSEGV 11

#endif
