/*
 * Several kernel stacks and one CPU: what one thread leaves on its stack, or in SS, no other one
 * finds.
 */
#include "lib/test.h"

enum { DEEPEST = 12288, FIRST = 1024, STEP = 488 };

/* Volatile, so that the secret itself comes into a register nowhere but in plant(). */
static volatile uint64_t inverted_secret = ~0x5ec7e7c0ffee5ec7;

static volatile uint64_t how, depth;
static volatile long planted;

static void plant(void)
{
	planted = audit(EB_AUDIT_STACK_PLANT, how, depth, ~inverted_secret);
}

static void plant_at(uint64_t way, uint64_t at)
{
	how = way;
	depth = at;
	worker_ask(plant);
}

static long find(void)
{
	return audit(EB_AUDIT_STACKS_FIND, inverted_secret, 0, 0);
}

/* Where nothing is erased it must be there, or the probe could not tell. */
static void test_probe(void)
{
	worker_begin();
	plant_at(EB_PLANT_MARKED, 4096);
	worker_wait();
	EXPECT_EQUAL(planted, 4096, "depth");
	EXPECT(find() > 0, "the secret is not found");
	worker_end();
}

static void test_other(void)
{
	worker_begin();
	for (uint64_t at = FIRST + stack_gap(); at <= DEEPEST; at += STEP)
		for (uint64_t way = EB_PLANT_MARKED; way <= EB_PLANT_CHAIN; way++) {
			plant_at(way, at);
			worker_wait();
			EXPECT_EQUAL(planted, at, "depth");
			EXPECT(find() == 0, "way %d, depth %d: the secret is there", (int)way,
			       (int)at);
		}
	worker_end();
}

/*
 * The other thread plants it and is switched out before it leaves the kernel. Meanwhile this one
 * erases its own stack.
 */
static void test_switched(void)
{
	worker_begin();
	for (uint64_t at = FIRST + stack_gap(); at <= DEEPEST; at += STEP)
		for (uint64_t way = EB_PLANT_MARKED; way <= EB_PLANT_CHAIN; way++) {
			plant_at(way | EB_PLANT_AND_YIELD, at);
			yield();
			EXPECT(find() > 0, "way %d, depth %d: the secret was not in the kernel",
			       (int)way, (int)at);
			sys_call(SYS_EB_DEEP, 64, 0, 0, 0, 0, 0);
			worker_wait();
			EXPECT(find() == 0, "way %d, depth %d: the secret is there", (int)way,
			       (int)at);
			EXPECT(audit(EB_AUDIT_STACK_DIRTY, 0, 0, 0) == 0,
			       "way %d, depth %d: words are left here", (int)way, (int)at);
		}
	worker_end();
}

/* The secret in all registers that a call keeps: they lie in the last pt_regs of that thread. */
static void end_with_secret(void)
{
	enum { SYS_EXIT = 60 };

	__asm__ volatile("mov %0, %%rbx\n\tmov %%rbx, %%r12\n\tmov %%rbx, %%r15\n\tsyscall"
			 :
			 : "r"(~inverted_secret), "a"(SYS_EXIT), "D"(0)
			 : "rbx", "rcx", "r11", "r12", "r15");
}

static void test_ended(void)
{
	worker_begin();
	worker_ask(end_with_secret);
	yield();
	EXPECT(find() == 0, "the secret is on the stack of a thread that has ended");
}

static volatile bool stop;

static void spin(void)
{
	while (!stop)
		;
}

/*
 * An interrupt of ring 3 ends the other thread's turn, so the core comes here with a null SS.
 * SYSRET may leave ring 3 with what SS has besides its selector.
 */
static void test_ss(void)
{
	stop = false;
	worker_begin();
	worker_ask(spin);
	EXPECT_EQUAL(audit(EB_AUDIT_YIELD, 0, 0, 0), 0x18,
		     "SS in the core after an interrupt's switch");
	stop = true;
	worker_wait();
	EXPECT_EQUAL(audit(EB_AUDIT_YIELD, 0, 0, 0), 0x18,
		     "SS in the core after a system call's switch");
	worker_end();
}

static const char *with_erase(void)
{
	return has("erase=on") ? "the probe itself is tested where nothing is erased" : NULL;
}

static const char *without_erase(void)
{
	return has("erase=off") ? "nothing is erased" : NULL;
}

static const struct test tests[] = {
    {"the probe finds another thread's secret", test_probe, with_erase},
    {"nothing is left on another thread's stack", test_other, without_erase},
    {"nothing is left where a thread was switched out with it", test_switched, without_erase},
    {"nothing is left of a thread that has ended", test_ended, NULL},
    {"a switch leaves the core its own SS", test_ss, NULL},
};

const struct program program = {"threads", tests, sizeof(tests) / sizeof(tests[0]), true};
