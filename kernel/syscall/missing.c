/*
 * System calls that the core lacks: ENOSYS, and a count for the reader who wonders why a program
 * failed.
 */
#include "lib/lib.h"
#include "syscall/syscall.h"

/* Linux' names by number, from the build host's <asm/unistd_64.h>. */
static const char *const names[SYSCALLS] = {
#include "syscall-names.h"
};

static u32 missing[SYSCALLS];
static u32 missing_beyond; /* numbers behind the table */

s64 sys_missing(const struct syscall_args *regs)
{
	u64 nr = (u32)regs->orig_ax;
	if (nr < SYSCALLS)
		missing[index_nospec(nr, SYSCALLS)]++;
	return -ENOSYS;
}

s64 sys_missing_beyond(void)
{
	missing_beyond++;
	return -ENOSYS;
}

static void say(const char *call, unsigned nr, u32 times)
{
	record_begin("count");
	record_text("name", "enosys");
	record_text("call", call);
	record_number("nr", nr);
	record_number("value", times);
	record_end();
}

void missing_report(void)
{
	for (unsigned nr = 0; nr < SYSCALLS; nr++) {
		if (missing[nr])
			say(names[nr] ? names[nr] : "unknown", nr, missing[nr]);
		missing[nr] = 0;
	}
	if (missing_beyond)
		say("beyond", SYSCALLS, missing_beyond);
	missing_beyond = 0;
}
