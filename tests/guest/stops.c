/*
 * Stays where its argument says, in ring 3 or in the kernel, for a look at the machine from outside
 * (tests/guest/outside).
 */
#include "lib/allowed.h"
#include "lib/test.h"

static void test_stop(void)
{
	for (unsigned i = 0; i < ALLOWED; i++) {
		if (allowed[i].feature && !has(allowed[i].feature))
			continue;
		say("ALLOWED: %s: %lx %lx %s%s", allowed[i].name, allowed[i].start,
		    allowed[i].start + allowed[i].size,
		    allowed[i].flags & EB_RANGE_WRITE ? "w" : "",
		    allowed[i].flags & EB_RANGE_EXEC ? "x" : "");
	}
	say("STOPPED");
	if (text_equal(argument, "kernel"))
		audit(EB_AUDIT_SPIN, 0, 0, 0);
	__asm__ volatile(".globl stops_here\nstops_here:\n1: pause\n jmp 1b");
}

static const struct test tests[] = {{"stops", test_stop, NULL}};

const struct program program = {"stops", tests, 1, false};
