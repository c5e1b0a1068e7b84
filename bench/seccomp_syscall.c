/*
 * seccomp_syscall:KIND: getppid under a seccomp filter that allows all. Linux remembers per number
 * that a filter always allows it (`cached`), unless the filter looks at an argument, so that it
 * runs each time (`filter`).
 */
#include <linux/filter.h>

#include "harness/bench.h"

enum { NO_NEW_PRIVS = 38, SET_FILTER = 1 };

enum { ALLOW = 0x7fff0000, FIRST_ARGUMENT = 16 /* offset in struct seccomp_data */ };

TIMED(filtered, NOTHING, "mov $" TEXT_OF(SYS_GETPPID) ", %eax", "syscall", NOTHING);

static const struct sock_filter cached[] = {
    BPF_STMT(BPF_RET | BPF_K, ALLOW),
};

/* Both ways of the jump allow, but the kernel does not look that far. */
static const struct sock_filter looks_at_argument[] = {
    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIRST_ARGUMENT),
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x5eccc0, 0, 1),
    BPF_STMT(BPF_RET | BPF_K, ALLOW),
    BPF_STMT(BPF_RET | BPF_K, ALLOW),
};

static const struct bench_param params[] = {
    {.text = "cached", .value = 0},
    {.text = "filter", .value = 1},
};

static struct verdict setup(struct run *run)
{
	const struct sock_fprog programs[] = {
	    {sizeof(cached) / sizeof(cached[0]), (struct sock_filter *)cached},
	    {sizeof(looks_at_argument) / sizeof(looks_at_argument[0]),
	     (struct sock_filter *)looks_at_argument},
	};
	long result = sys_call(SYS_PRCTL, NO_NEW_PRIVS, 1, 0, 0, 0, 0);

	if (result == 0)
		result = sys_call(SYS_SECCOMP, SET_FILTER, 0, (long)&programs[run->options->value],
				  0, 0, 0);
	return result == 0 ? bench_ok() : bench_unsupported("this kernel takes no seccomp filter");
}

static struct verdict check(struct run *run, uint64_t result)
{
	(void)run;
	return bench_judge_getppid(result);
}

const struct benchmark benchmark = {
    .name = "seccomp_syscall",
    .params = params,
    .param_count = sizeof(params) / sizeof(params[0]),
    .loops = &filtered,
    .setup = setup,
    .check = check,
};
