/*
 * Restartable sequences: where an interrupt or an exception of ring 3 ends the turn of a thread in
 * a section of code, or brings a signal, it goes on at the section's abort handler; otherwise
 * never.
 */
#include "harness/signal_frame.h"
#include "lib/test.h"
#include "rseq_sections.h"

enum { EPERM = 1, EFAULT = 14, EBUSY = 16, EINVAL = 22, ENOSYS = 38 };
enum { UNREGISTER = 1, NOT_SET = 0xffffffff, TRAP_BYTES = 2 /* of UD2, INT n and SYSENTER */ };

static volatile struct rseq_area area;

static long rseq(volatile struct rseq_area *at, long size, long flags, long signature)
{
	return sys_call(SYS_RSEQ, (long)at, size, flags, signature, 0, 0);
}

static long begin(void)
{
	return rseq(&area, sizeof(area), 0, SIGNATURE);
}

static void end(void)
{
	EXPECT_EQUAL(rseq(&area, sizeof(area), UNREGISTER, SIGNATURE), 0, "the end");
}

static const char *without(void)
{
	return has("rseq=on") ? "there is rseq" : NULL;
}

static const char *with(void)
{
	return has("rseq=on") ? NULL : "no rseq";
}

static void test_none(void)
{
	EXPECT_EQUAL(begin(), -ENOSYS, "rseq");
}

static void test_registration(void)
{
	static volatile struct rseq_area other;

	area.cpu_id_start = area.cpu_id = area.node_id = area.mm_cid = 77;
	area.section = 77;
	EXPECT_EQUAL(rseq(&area, sizeof(area) - 1, 0, SIGNATURE), -EINVAL, "too small");
	EXPECT_EQUAL(rseq((void *)((char *)&area + 8), 32, 0, SIGNATURE), -EINVAL, "not aligned");
	EXPECT_EQUAL(rseq(&area, sizeof(area), 2, SIGNATURE), -EINVAL, "unknown flags");
	EXPECT_EQUAL(rseq((void *)0x1000, 32, 0, SIGNATURE), -EFAULT, "unmapped");
	EXPECT_EQUAL(rseq((void *)-4096l, 32, 0, SIGNATURE), -EFAULT, "the kernel's");
	EXPECT_EQUAL(rseq(&area, sizeof(area), UNREGISTER, SIGNATURE), -EINVAL, "none to end");
	EXPECT_EQUAL(begin(), 0, "rseq");
	EXPECT(area.cpu_id_start == 0 && area.cpu_id == 0 && area.node_id == 0 &&
		   area.mm_cid == 0 && area.section == 0,
	       "the area is not filled");
	EXPECT_EQUAL(begin(), -EBUSY, "once more");
	EXPECT_EQUAL(rseq(&other, sizeof(other), 0, SIGNATURE), -EINVAL, "another");
	EXPECT_EQUAL(rseq(&area, sizeof(area), 0, 1), -EPERM, "another signature");
	EXPECT_EQUAL(rseq(&other, sizeof(other), UNREGISTER, SIGNATURE), -EINVAL, "end another");
	EXPECT_EQUAL(rseq(&area, sizeof(area), UNREGISTER, 1), -EPERM, "end by another signature");
	end();
	EXPECT_EQUAL(area.cpu_id, NOT_SET, "cpu_id after the end");
}

static volatile uint64_t handled_at;

/* Goes on behind the trap, where the kernel has not said otherwise. */
static void handler(int signal, void *info, struct signal_context *context)
{
	(void)signal;
	(void)info;
	handled_at = context->rip;
	if (context->rip != (uint64_t)section_trap_abort &&
	    context->rip != (uint64_t)section_int_abort &&
	    context->rip != (uint64_t)section_sysenter_abort)
		context->rip += TRAP_BYTES;
}

static void test_signal(void)
{
	EXPECT_EQUAL(signal_handle(SIGNAL_ILL, handler), 0, "sigaction");
	EXPECT_EQUAL(signal_handle(SIGNAL_SEGV, handler), 0, "sigaction");
	EXPECT_EQUAL(begin(), 0, "rseq");
	EXPECT_EQUAL(section_trap(&area), 1, "aborted");
	EXPECT_EQUAL(handled_at, section_trap_abort, "rip that the handler has seen");
	EXPECT_EQUAL(area.section, 0, "section after the abort");
	EXPECT_EQUAL(section_int(&area), 1, "aborted by INT n");
	if (has("entry=fred"))
		EXPECT_EQUAL(section_sysenter(&area), 1, "aborted by SYSENTER");
	EXPECT_EQUAL(trap_outside(&area), 0, "section after a signal outside");
	end();
	EXPECT_EQUAL(section_trap(&area), 0, "aborted, nothing being registered");
}

static volatile uint32_t seen;

static void see(void)
{
	seen = 1;
}

static void test_undisturbed(void)
{
	static volatile uint8_t page[2 * 4096];

	EXPECT_EQUAL(begin(), 0, "rseq");
	EXPECT_EQUAL(section_touch(&area, page + 4096), 0, "aborted by a page fault");
	worker_begin();
	seen = 0;
	worker_ask(see);
	EXPECT_EQUAL(section_yield(&area), 0, "aborted by a system call");
	EXPECT_EQUAL(seen, 1, "seen");
	worker_wait();
	worker_end();
	end();
}

/* Turns end by the timer alone. */
static void test_turn(void)
{
	worker_begin();
	EXPECT_EQUAL(begin(), 0, "rseq");
	seen = 0;
	worker_ask(see);
	EXPECT_EQUAL(section_wait(&area, &seen), 1, "aborted");
	EXPECT_EQUAL(area.section, 0, "section after the abort");
	EXPECT_EQUAL(seen, 1, "seen");
	end();
	seen = 0;
	worker_wait();
	worker_ask(see);
	EXPECT_EQUAL(section_wait(&area, &seen), 0, "aborted, nothing being registered");
	worker_wait();
	worker_end();
}

static const struct test tests[] = {
    {"a kernel without rseq says so", test_none, without},
    {"an area is registered, once, and no longer", test_registration, with},
    {"a signal leaves the section by its abort handler", test_signal, with},
    {"a mended fault and another's turn in a system call do not", test_undisturbed, with},
    {"another's turn leaves the section by its abort handler", test_turn, with},
};

const struct program program = {"rseq", tests, sizeof(tests) / sizeof(tests[0]), true};
