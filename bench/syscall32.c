/*
 * syscall32: getppid by SYSCALL from 32-bit code, the fast system call of 32-bit programs on AMD's
 * CPUs.
 */
#include "harness/bench.h"
#include "harness/compat.h"

TIMED(syscall_32, COMPAT_ENTER, COMPAT_SETUP, "syscall", COMPAT_AFTER);

static struct verdict setup(struct run *run)
{
	return compat_setup(run, "SYSCALL faults in 32-bit code here: it is for AMD's CPUs");
}

const struct benchmark benchmark = {
    .name = "syscall32",
    .loops = &syscall_32,
    .setup = setup,
    .check = compat_check,
};
