/*
 * sysenter: getppid by SYSENTER from 32-bit code, the fast system call of 32-bit programs on
 * Intel's CPUs.
 */
#include "harness/bench.h"
#include "harness/compat.h"

TIMED(sysenter_32, COMPAT_ENTER, COMPAT_SETUP, "sysenter", COMPAT_AFTER);

static struct verdict setup(struct run *run)
{
	return compat_setup(run, "SYSENTER faults in 32-bit code here: it is for Intel's CPUs");
}

const struct benchmark benchmark = {
    .name = "sysenter",
    .loops = &sysenter_32,
    .setup = setup,
    .check = compat_check,
};
