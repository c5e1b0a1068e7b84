/*
 * A crossing from 32-bit code in a 64-bit program: its context, and whether it works here.
 */
#include "compat.h"
#include "shadow_stack.h"

enum { USER32_CS = 0x23, USER_CS = 0x33 }; /* as Linux has them */
enum { VECTOR_UD = 6, VECTOR_GP = 13, LENGTH = 2 };

static uint64_t stack[64] __attribute__((aligned(64)));
static struct compat compat;

struct verdict compat_setup(struct run *run, const char *missing)
{
	if (!is_this_core() || !sys_reaches_kernel())
		return bench_unsupported(
		    "needs a landing pad, which only this project's core lets a 64-bit "
		    "program choose");
	shadow_stack_end();
	compat.to_selector = USER32_CS;
	compat.back_selector = USER_CS;
	compat.stack = (uint64_t)&stack[32];
	run->context = &compat;
	eb_mechanism(EB_MECHANISM_FIXUP, VECTOR_UD, LENGTH);
	eb_mechanism(EB_MECHANISM_FIXUP, VECTOR_GP, LENGTH);
	long before = eb_mechanism(EB_MECHANISM_FIXUPS, 0, 0);
	run->loops->once(1, run->context);
	return eb_mechanism(EB_MECHANISM_FIXUPS, 0, 0) == before ? bench_ok()
								 : bench_unsupported(missing);
}

struct verdict compat_check(struct run *run, uint64_t result)
{
	(void)run;
	if (result == (uint64_t)sys_call_int80(SYS_INT80_GETPPID, 0, 0, 0))
		return bench_ok();
	return bench_failed_with("getppid returned", (int64_t)result);
}
