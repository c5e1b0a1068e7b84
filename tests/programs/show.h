/*
 * What the test programs print: results of system calls with the names of their errors, the same on
 * every kernel and libc.
 */
#ifndef TESTS_PROGRAMS_SHOW_H
#define TESTS_PROGRAMS_SHOW_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Every error prints as its text, every other result as a number. */
static inline void show(const char *what, long result)
{
	if (result == -1)
		printf("%s: %s\n", what, strerror(errno));
	else
		printf("%s: %ld\n", what, result);
}

/* The same where the value itself differs between kernels: only that it is one. */
static inline void show_ok(const char *what, long result)
{
	if (result == -1)
		printf("%s: %s\n", what, strerror(errno));
	else
		printf("%s: ok\n", what);
}

#define SHOW(expression)    show(#expression, (long)(expression))
#define SHOW_OK(expression) show_ok(#expression, (long)(expression))

#endif
