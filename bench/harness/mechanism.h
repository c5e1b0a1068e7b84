/*
 * eb_mechanism of this project's core (include/entrybench/mechanism.h) for the benchmarks of its
 * other ways in.
 */
#ifndef BENCH_MECHANISM_H
#define BENCH_MECHANISM_H

#include <entrybench/mechanism.h>

#include "sys.h"

/*
 * Where SYSCALL leads nowhere (variant `floor`) by INT 0x80. Negative: an errno value; -SYS_ENOSYS
 * on any other kernel.
 */
static inline long eb_mechanism(long op, long a, long b)
{
	if (sys_reaches_kernel())
		return sys_call(EB_MECHANISM_NUMBER, op, a, b, 0, 0, 0);
	return sys_call_int80(EB_MECHANISM_NUMBER, op, a, b);
}

static inline bool is_this_core(void)
{
	return eb_mechanism(EB_MECHANISM_FIXUPS, 0, 0) >= 0;
}

#endif
