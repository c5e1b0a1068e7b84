/*
 * What a path may not overlook that saves and looks at less than all of ring 3's state: work that
 * waits, TF, other tasks' system calls in the middle of its own. Variants with a fast way out
 * (label syscall.fast_leave) must take it where nothing is in the way, and only there.
 */
#include "harness/mechanism.h"
#include "lib/test.h"

enum { CLONE3 = 435, NANOSLEEP = 35 };

static uint64_t fast_leave;

static const char *no_fast_way(void)
{
	fast_leave = phase("syscall.fast_leave");
	return fast_leave ? NULL : "one way out for all";
}

static uint64_t number, flags;

static void cross(void)
{
	fill(&cross_in);
	cross_in.di = cross_in.si = 0;
	cross_in.ax = number;
	cross_in.flags |= flags;
	cross_by_syscall();
}

/* Whether the call was left the fast way. (The one that ends the catching goes the slow one.) */
static bool is_left_fast(uint64_t call, uint64_t with_flags)
{
	bool fast = false;

	number = call;
	flags = with_flags;
	audit(EB_AUDIT_BREAK, 0, fast_leave, 0);
	catch_in(cross);
	for (unsigned i = 0; i < caught_count; i++)
		if (caught[i].regs.ip == fast_leave) {
			fast = true;
			EXPECT(!(caught[i].regs.flags & IF), "interrupts are on at the way out");
		}
	audit(EB_AUDIT_BREAK, 0, 0, 0);
	return fast;
}

static void test_ways(void)
{
	EXPECT(is_left_fast(SYS_GETPPID, 0), "getppid was left the slow way");
	EXPECT(is_left_fast(SYS_GETPPID, DF | AC | ID | NT | CF), "flags forced the slow way");
	EXPECT(!is_left_fast(CLONE3, 0), "clone3 was left the fast way");
	for (long work = EB_WORK_ENTRY; work <= (EB_WORK_ENTRY | EB_WORK_EXIT); work++) {
		EXPECT_EQUAL(eb_mechanism(EB_MECHANISM_WORK, work, 0), 0, "eb_mechanism");
		EXPECT(!is_left_fast(SYS_GETPPID, 0), "work %d was overlooked", (int)work);
		EXPECT_EQUAL(eb_mechanism(EB_MECHANISM_WORK, 0, 0), 0, "eb_mechanism");
	}
	EXPECT(is_left_fast(SYS_GETPPID, 0), "after work: getppid was left the slow way");
}

/*
 * IRET lets ring 3 execute one instruction before it traps, where SYSRET would trap at once, as
 * Linux 4.4 did. With FRED the CPU steps the SYSCALL itself.
 */
static void test_step(void)
{
	bool at_once = has("entry=fred") || has("dispatch=asm");

	number = SYS_GETPPID;
	for (int i = 0; i < 3; i++) {
		flags = TF;
		EXPECT(catch_in(cross), "did not trap");
		EXPECT(caught_count == 1 && caught[0].vector == VECTOR_DB, "%d traps, vector %d",
		       (int)caught_count, (int)caught[0].vector);
		EXPECT((caught[0].regs.ip == (uint64_t)cross_back_syscall) == at_once,
		       "trapped at %lx, the call came back at %lx", caught[0].regs.ip,
		       (uint64_t)cross_back_syscall);
		EXPECT(caught[0].regs.flags & TF, "TF is lost");
		/* and the next call is none that is stepped */
		flags = 0;
		EXPECT(!catch_in(cross), "trapped without TF");
	}
}

/* ---- other tasks' system calls while one waits ---- */

static volatile bool stop;

static void call_all_the_time(void)
{
	while (!stop)
		sys_call(SYS_GETPPID, 0, 0, 0, 0, 0, 0);
}

static void test_switch(void)
{
	static const long millisecond[2] = {0, 1000000};

	stop = false;
	worker_begin();
	worker_ask(call_all_the_time);
	for (int i = 0; i < 3; i++) {
		fill(&cross_in);
		cross_in.ax = NANOSLEEP;
		cross_in.di = (uint64_t)millisecond;
		cross_in.si = 0;
		cross_by_syscall();
		syscall_changes(&cross_in, cross_back_syscall);
		same_regs(&cross_out, &cross_in, SKIP_AX | SKIP_FRAME | SKIP_ORIG_AX, "nanosleep");
		EXPECT_EQUAL(cross_out.ax, 0, "rax");
		EXPECT_EQUAL(cross_out.sp, cross_in.sp, "rsp");
	}
	stop = true;
	worker_wait();
	worker_end();
}

/* ---- ring 3's last page, for the rest of the program ---- */

static void test_last_page(void)
{
	enum { FIXED_NOREPLACE = 0x100022, READ_EXEC = 5, SYS_MUNMAP = 11 };
	const uint64_t page = 0x00007ffffffff000;

	EXPECT(is_left_fast(SYS_GETPPID, 0), "getppid was left the slow way");
	EXPECT_EQUAL(sys_call(SYS_MMAP, (long)page, 4096, READ_EXEC, FIXED_NOREPLACE, -1, 0), page,
		     "mmap");
	EXPECT_EQUAL(sys_call(SYS_MUNMAP, (long)page, 4096, 0, 0, 0, 0), 0, "munmap");
	EXPECT(!is_left_fast(SYS_GETPPID, 0), "the last page was overlooked");
}

static const char *looks_at_rip(void)
{
	return has("dispatch=lean") ? NULL : "each way out looks at RIP";
}

static const struct test tests[] = {
    {"the fast way where nothing waits, and only there", test_ways, no_fast_way},
    {"a step over SYSCALL traps where it must", test_step, NULL},
    {"registers after other tasks' calls in the middle of one", test_switch, NULL},
    {"the slow way once the last page was mapped", test_last_page, looks_at_rip},
};

const struct program program = {"fast_path", tests, sizeof(tests) / sizeof(tests[0]), true};
