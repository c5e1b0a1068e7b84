/*
 * deep_syscall:BYTES: a private call of this project's core that uses that much kernel stack, for
 * the cost of erasing it. Linux does not know the number: unsupported there.
 */
#include "harness/bench.h"

/* RDI survives a system call, so it is loaded once, before the first clock reading. */
TIMED(deep_call, "mov (%rbx), %rdi", "mov $" TEXT_OF(SYS_EB_DEEP) ", %eax", "syscall", NOTHING);

static struct verdict setup(struct run *run)
{
	static uint64_t bytes;
	long result = sys_call(SYS_EB_DEEP, (long)run->options->value, 0, 0, 0, 0, 0);

	if (!sys_reaches_kernel())
		return bench_unsupported("SYSCALL reaches no kernel here");
	if (result == -SYS_ENOSYS)
		return bench_unsupported("this kernel has no system call of a chosen stack depth");
	bytes = run->options->value;
	run->context = &bytes;
	return bench_ok();
}

static struct verdict check(struct run *run, uint64_t result)
{
	return result == run->options->value
		   ? bench_ok()
		   : bench_failed_with("system call 4096 should return the stack depth, not",
				       (int64_t)result);
}

const struct benchmark benchmark = {
    .name = "deep_syscall",
    .param_min = 1,
    .param_max = 12288,
    .loops = &deep_call,
    .setup = setup,
    .check = check,
};
