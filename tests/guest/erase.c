/*
 * The stack erase: no word that a system call or an exception wrote is on the kernel stack when the
 * next one looks.
 */
#include "lib/test.h"

enum { DEEPEST = 12288, STACK_TOP_WORDS = 64 };
#define POISON ((uint64_t)-0xbeef)

static const uint64_t secret = 0x5ec7e7c0ffee5ec7;

static void check_clean(const char *after)
{
	long dirty = audit(EB_AUDIT_STACK_DIRTY, 0, 0, 0);

	EXPECT(dirty == 0, "%s: %d words are left", after, (int)dirty);
}

static void check_secret(const char *how, uint64_t depth)
{
	long found = audit(EB_AUDIT_STACK_FIND, ~secret, 0, 0);

	EXPECT(found == 0, "%s, depth %d: the secret is there", how, (int)depth);
	check_clean(how);
}

/* Every word from the first free one down to 12 KiB, one after the other. */
static void plant_everywhere(enum eb_plant plant, const char *how)
{
	uint64_t gap = stack_gap(), depth = gap ? gap + STACK_TOP_WORDS * 8 : 8, planted = 0;

	while (audit(EB_AUDIT_STACK_PLANT, plant, depth, secret) < 0)
		depth += 8;
	EXPECT(depth <= gap + STACK_TOP_WORDS * 8, "%s: nothing planted above depth %d", how,
	       (int)depth);
	check_secret(how, depth);
	for (depth += 8; depth <= DEEPEST; depth += 8) {
		long got = audit(EB_AUDIT_STACK_PLANT, plant, depth, secret);
		EXPECT(got == (long)depth, "%s, depth %d: planted at %d", how, (int)depth,
		       (int)got);
		planted += got == (long)depth;
		check_secret(how, depth);
	}
	EXPECT(planted >= (DEEPEST - gap - STACK_TOP_WORDS * 8) / 8, "%s: planted %d times", how,
	       (int)planted);
}

static void test_marked(void)
{
	plant_everywhere(EB_PLANT_MARKED, "below an untouched array");
}

static void test_chain(void)
{
	plant_everywhere(EB_PLANT_CHAIN, "below frames with holes");
}

/* Without the erase the probe must find what was planted, or it could not tell. */
static void test_probe(void)
{
	long depth = audit(EB_AUDIT_STACK_PLANT, EB_PLANT_MARKED, 4096, secret);

	EXPECT(depth == 4096, "planted at %d", (int)depth);
	EXPECT(audit(EB_AUDIT_STACK_FIND, ~secret, 0, 0) == 1, "the secret is not found");
	EXPECT(audit(EB_AUDIT_STACK_DIRTY, 0, 0, 0) > 0, "no word is dirty");
}

static uint64_t map_page(void)
{
	return (uint64_t)sys_call(SYS_MMAP, 0, 4096, 3, 0x22, -1, 0);
}

/* Calls that do not come back, or not before something else happens. */
static bool comes_back(unsigned number)
{
	static const uint16_t numbers[] = {15, 34, 56, 60, 130, 231, 271, 435};

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i] == number)
			return false;
	return true;
}

/* Every call that the core serves, with a path, a buffer and a length, and with nothing. */
static void test_syscalls(void)
{
#define SYSCALL(number, name, function) number,
	static const uint16_t served[] = {
#include "../../kernel/syscall/syscalls.def"
	};
#undef SYSCALL
	static char buffer[512];

	for (unsigned i = 0; i < sizeof(served) / sizeof(served[0]); i++) {
		if (!comes_back(served[i]))
			continue;
		sys_call(served[i], 0, 0, 0, 0, 0, 0);
		check_clean("after a system call");
		sys_call(served[i], (long)"plan", (long)buffer, 0, 0, 0, 0);
		check_clean("after a system call with a path");
		sys_call(served[i], -100, (long)"plan", (long)buffer, 0, 0, 0);
		check_clean("after a system call with a path from here");
	}
	sys_call(SYS_UNKNOWN, 0, 0, 0, 0, 0, 0);
	check_clean("after an unknown system call");
	for (uint64_t depth = 0; depth <= DEEPEST; depth += 1000) {
		sys_call(SYS_EB_DEEP, (long)depth, 0, 0, 0, 0, 0);
		check_clean("after eb_deep");
	}
}

static long dirty_in_handler;

static void handle(int signal)
{
	(void)signal;
	dirty_in_handler = audit(EB_AUDIT_STACK_DIRTY, 0, 0, 0);
}

/* On the way into a handler, and back by rt_sigreturn. */
static void test_signal(void)
{
	extern const char signal_restorer[];
	enum { SIGUSR1 = 10 };
	const struct {
		void (*handler)(int);
		uint64_t flags;
		const void *restorer;
		uint64_t mask;
	} action = {handle, 0x04000000 /* SA_RESTORER */, signal_restorer, 0};

	dirty_in_handler = -1;
	EXPECT_EQUAL(sys_call(SYS_RT_SIGACTION, SIGUSR1, (long)&action, 0, 8, 0, 0), 0,
		     "rt_sigaction");
	sys_call(SYS_TGKILL, sys_call(SYS_GETPID, 0, 0, 0, 0, 0, 0),
		 sys_call(SYS_GETTID, 0, 0, 0, 0, 0, 0), SIGUSR1, 0, 0, 0);
	check_clean("after rt_sigreturn");
	EXPECT(dirty_in_handler == 0, "in a handler: %d words are left", (int)dirty_in_handler);
}

/* Ring 3 passes the poison itself, so that saved registers look erased. */
static void test_poison(void)
{
	for (uint64_t depth = 0; depth <= DEEPEST; depth += 200) {
		uint64_t *words = (uint64_t *)&cross_in;
		for (unsigned i = 0; i < sizeof(cross_in) / sizeof(uint64_t); i++)
			words[i] = POISON;
		cross_in.flags = IF | FIXED;
		cross_in.ax = SYS_EB_DEEP;
		cross_in.di = depth;
		cross_by_syscall();
		check_clean("after a system call full of poison");
	}
}

static void test_page_fault(void)
{
	fill(&cross_in);
	cross_in.si = map_page();
	cross_by_touch();
	check_clean("after a page fault");
}

/* The kernel itself faults, deep in a system call. */
static void test_fault_in_kernel(void)
{
	uint64_t page = map_page();

	sys_call(SYS_WRITE, 1, (long)page, 0, 0, 0, 0);
	EXPECT(audit(EB_AUDIT_STATE, page, 0, 0) == 0, "eb_audit into a fresh page");
	check_clean("after a page fault in the kernel");
	EXPECT(audit(EB_AUDIT_STATE, 0x1000, 0, 0) == -14, "eb_audit to nowhere");
	check_clean("after a bad pointer");
}

static void test_exception(void)
{
	fill(&cross_in);
	cross_in.flags = IF | FIXED;
	EXPECT(catch_begin(cross_by_ud2), "UD2 did not trap");
	check_clean("after an exception");
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
    {"the probe finds a secret", test_probe, with_erase},
    {"nothing of a system call is left", test_syscalls, without_erase},
    {"nothing is left where ring 3 passes the poison", test_poison, without_erase},
    {"nothing of a page fault is left", test_page_fault, without_erase},
    {"nothing of a page fault in the kernel is left", test_fault_in_kernel, without_erase},
    {"nothing of a signal is left", test_signal, without_erase},
    {"nothing of an exception is left", test_exception, without_erase},
    {"a secret below an untouched array is gone at every depth", test_marked, without_erase},
    {"a secret below frames with holes is gone at every depth", test_chain, without_erase},
};

const struct program program = {"erase", tests, sizeof(tests) / sizeof(tests[0]), true};
