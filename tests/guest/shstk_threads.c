/*
 * A thread's own shadow stack: from its beginning to its end, over the turns of others, and on
 * request; and what is locked.
 */
#include "shstk_cross.h"

static bool ended; /* the shadow stack that the program had */

static uint64_t of_worker;

static void tell(void)
{
	of_worker = shadow_stack_pointer();
}

/* Turns change at every depth. */
static __attribute__((noinline)) void deep(unsigned calls)
{
	uint64_t before = shadow_stack_pointer();

	yield();
	if (calls)
		deep(calls - 1);
	yield();
	EXPECT_EQUAL(shadow_stack_pointer(), before, "the pointer after a turn");
}

static void deep_worker(void)
{
	deep(7);
}

static void give_up(void)
{
	shadow_stack_end();
	of_worker = shadow_stack_pointer() | shadow_stack_features();
}

static void run(void (*job)(void))
{
	worker_ask(job);
	worker_wait();
}

static void test_threads(void)
{
	uint64_t before = shadow_stack_pointer();

	worker_begin();
	run(tell);
	uint64_t stack = of_worker & ~(uint64_t)(PAGE - 1);
	EXPECT(of_worker && of_worker - before + PAGE > 2 * PAGE, "%lx, %lx: one stack for two",
	       of_worker, before);
	worker_ask(deep_worker);
	deep(10);
	worker_wait();
	EXPECT_EQUAL(map_shadow_stack(stack, PAGE, 0), -EEXIST, "the thread's stack");
	worker_end();
	EXPECT_EQUAL(map_shadow_stack(stack, PAGE, 0), stack, "a place on a stack that has ended");
	worker_begin();
	run(give_up);
	EXPECT_EQUAL(of_worker, 0, "the pointer and features of a thread that has none");
	worker_ask(deep_worker);
	deep(10);
	worker_wait();
	worker_end();
	EXPECT_EQUAL(shadow_stack_features(), SHSTK_ON, "features of this thread");
	EXPECT_EQUAL(shadow_stack_pointer(), before, "the pointer afterwards");
}

static volatile bool looked_at;

static void wait_for_look(void)
{
	of_worker = shadow_stack_pointer();
	while (!looked_at)
		yield();
}

/* clone3 says how long the thread's stack is. */
static void test_size(void)
{
	enum { SIZE = 3 * PAGE, THREAD = 0x50f00 };
	static uint8_t stack[SIZE] __attribute__((aligned(16)));
	const struct {
		uint64_t flags, no_numbers[3], signal, stack, stack_size, tls;
	} arguments = {.flags = THREAD, .stack = (uint64_t)stack, .stack_size = SIZE};

	of_worker = 0;
	long thread = thread_by_clone3(&arguments, sizeof(arguments), wait_for_look);
	EXPECT(thread > 0, "clone3 returned %d", (int)thread);
	yield();
	uint64_t base = of_worker + WORD - SIZE;
	EXPECT_EQUAL(map_shadow_stack(base, PAGE, 0), -EEXIST, "the stack's last page");
	EXPECT_EQUAL(map_shadow_stack(base - PAGE, PAGE, 0), base - PAGE, "the page below");
	looked_at = true;
	yield();
}

static void test_anew(void)
{
	long result;

	ended = true;
	shadow_stack_end();
	EXPECT_EQUAL(shadow_stack_pointer(), 0, "the pointer without a shadow stack");
	EXPECT_EQUAL(shadow_stack_features(), 0, "features");
	EXPECT_EQUAL(shadow_stack_feature(ARCH_SHSTK_ENABLE, SHSTK_WRSS), -EPERM, "WRSS alone");
	/* what returns has been called on the same one */
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(SYS_ARCH_PRCTL), "D"(ARCH_SHSTK_ENABLE), "S"(SHSTK_ON)
			 : "rcx", "r11", "memory");
	uint64_t top = shadow_stack_pointer();
	EXPECT_EQUAL(result, 0, "enable");
	EXPECT(top && top % PAGE == 0, "the new stack's top is %lx", top);
	EXPECT_EQUAL(shadow_stack_features(), SHSTK_ON, "features");
	shadow_stack_end();
}

static const char *never_had_one(void)
{
	return ended ? NULL : no_shadow_stack();
}

static void enable_locked(void)
{
	of_worker = (uint64_t)shadow_stack_feature(ARCH_SHSTK_ENABLE, SHSTK_ON);
}

static void test_lock(void)
{
	EXPECT_EQUAL(shadow_stack_feature(ARCH_SHSTK_LOCK, SHSTK_ON), 0, "lock");
	EXPECT_EQUAL(shadow_stack_feature(ARCH_SHSTK_ENABLE, SHSTK_ON), -EPERM, "enable");
	EXPECT_EQUAL(shadow_stack_feature(ARCH_SHSTK_UNLOCK, SHSTK_ON), -EPERM, "unlock");
	EXPECT_EQUAL(shadow_stack_feature(ARCH_SHSTK_DISABLE, SHSTK_ON), -EPERM, "disable");
	worker_begin();
	run(enable_locked);
	worker_end();
	EXPECT_EQUAL(of_worker, -EPERM, "enable in a new thread");
}

static const struct test tests[] = {
    {"each thread has its own, until it ends", test_threads, no_shadow_stack},
    {"it is as long as clone3 says", test_size, no_shadow_stack},
    {"it ends and begins anew on request", test_anew, no_shadow_stack},
    {"what is locked stays as it is", test_lock, never_had_one},
};

const struct program program = {"shstk_threads", tests, sizeof(tests) / sizeof(tests[0]), true};
