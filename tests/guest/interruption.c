/*
 * Interrupts every instruction of the entry and exit paths: a #DB, a #MC and two NMIs in a row at each, and in an NMI's own path a
 * second NMI. The list of instructions is the file `points` (tests/guest/interruption makes it from the image). The core
 * checks what each interruption finds, this program what ring 3 gets back. All of the list must have been reached.
 */
#include <entrybench/ways.h>

#include "harness/signal_frame.h"
#include "harness/ways.h"
#include "lib/test.h"

/* ways_cross.S */
void cross_by_int80(void);
void cross_by_int3(void);
void cross_by_interrupt_gate(void);
void cross_by_call_gate(void);
void cross_by_syscall_32(void);
void cross_by_sysenter(void);
extern const char cross_by_syscall_32_pad[], cross_by_sysenter_pad[];
extern uint32_t ways_stack_end[];

enum { SYS_OPEN = 2, SYS_ARCH_PRCTL = 158, SET_GS = 0x1001, DONTNEED = 4 };
enum { SIXTH_ARGUMENT = 0xcafe1234, EBP_WORD = 16 }; /* as in ways_cross.S */
enum { SYS_KILL = 62, SYS_CLONE3 = 435 };
enum { VECTOR_MC = 18, VECTOR_WAYS = 0xfc };
enum { POINTS_MAX = 4096, NAME_MAX = 24 };

/* What has happened at an instruction. */
enum { BY_DB = 1, BY_MC = 2, NMI = 4, NMI_IN_NMI = 8 };

static struct point {
	uint64_t address;
	char path[NAME_MAX];
	unsigned done;
} points[POINTS_MAX];
static unsigned point_count;

static char file[256 * 1024];

static uint64_t gs_word;
static uint8_t *page;	   /* of the program's, to be faulted in */
static uint64_t totals[3]; /* breaks, NMIs, in NMIs */

/* ---- the list -------------------------------------------------------------------------------------------------- */

/* A line: address in hex, the path's name. */
static const char *read_point(const char *at)
{
	struct point *point = &points[point_count];
	unsigned n = 0;

	for (; *at != ' '; at++)
		point->address =
		    point->address << 4 | (uint64_t)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
	for (at++; *at != '\n'; at++)
		if (n < NAME_MAX - 1)
			point->path[n++] = *at;
	point_count++;
	return at + 1;
}

static bool read_points(void)
{
	long fd = sys_call(SYS_OPEN, (long)"points", 0, 0, 0, 0, 0);
	long n, size = 0;

	while ((n = sys_call(SYS_READ, fd, (long)file + size, (long)sizeof(file) - 1 - size, 0, 0,
			     0)) > 0)
		size += n;
	for (const char *at = file; at < file + size && point_count < POINTS_MAX;)
		at = read_point(at);
	return point_count > 100 && point_count < POINTS_MAX;
}

/* ---- crossings --------------------------------------------------------------------------------------------------- */

static void check(unsigned skip, const char *when)
{
	uint64_t word;

	__asm__ volatile("mov %%gs:0, %0" : "=r"(word));
	EXPECT(word == gs_word, "%s: GS base is another", when);
	EXPECT_EQUAL(cross_out.sp, cross_in.sp, "rsp");
	same_regs(&cross_out, &cross_in, skip | SKIP_FRAME | SKIP_ORIG_AX, when);
}

static uint64_t syscall_by_cross(uint64_t number, uint64_t a, uint64_t b, uint64_t c)
{
	fill(&cross_in);
	cross_in.ax = number;
	cross_in.di = a;
	cross_in.si = b;
	cross_in.dx = c;
	cross_by_syscall();
	cross_in.cx = (uint64_t)cross_back_syscall;
	cross_in.r11 = IF | FIXED;
	check(SKIP_AX, "after SYSCALL");
	return cross_out.ax;
}

static void by_syscall(void)
{
	EXPECT_EQUAL(syscall_by_cross(SYS_GETPPID, pattern(1), pattern(2), pattern(3)), 0,
		     "getppid");
}

static void by_filling_syscall(void)
{
	EXPECT_EQUAL(syscall_by_cross(EB_AUDIT_NUMBER, EB_AUDIT_STACK_FILL, 0, 0), 0, "eb_audit");
}

static void by_marking_syscall(void)
{
	EXPECT_EQUAL(syscall_by_cross(EB_AUDIT_NUMBER, EB_AUDIT_STACK_MARK, 0, 0), 0, "eb_audit");
}

/* linux-4.4: one that needs all registers (and refuses), and one during which work comes up. */
static void by_clone3(void)
{
	EXPECT((int64_t)syscall_by_cross(SYS_CLONE3, 0, 0, 0) < 0, "clone3 of nothing");
}

static unsigned signals;

static void count_signal(int number, void *info, struct signal_context *context)
{
	(void)number;
	(void)info;
	(void)context;
	signals++;
}

/* The signal, its handler and rt_sigreturn before the call is over. */
static void by_kill(void)
{
	long pid = sys_call(SYS_GETPID, 0, 0, 0, 0, 0, 0);
	unsigned before = signals;

	EXPECT_EQUAL(syscall_by_cross(SYS_KILL, (uint64_t)pid, SIGNAL_USR1, 0), 0, "kill");
	EXPECT_EQUAL(signals, before + 1, "signals");
}

/* A system call that SYSRET cannot end: rcx is not rip. */
static void by_iret(void)
{
	fill(&cross_in);
	cross_in.ax = EB_AUDIT_NUMBER;
	cross_in.di = EB_AUDIT_EXIT_WITH;
	cross_in.si = (uint64_t)&cross_in;
	cross_in.ip = (uint64_t)cross_back_syscall;
	cross_by_syscall();
	check(0, "after IRET");
}

/* number and first argument of a call */
struct call {
	uint64_t number, a;
	int64_t result;
};
static const struct call getppid = {SYS_INT80_GETPPID, 0, 0}, unknown = {200, 0, -SYS_ENOSYS},
			 filling = {EB_AUDIT_NUMBER, EB_AUDIT_STACK_FILL, 0},
			 marking = {EB_AUDIT_NUMBER, EB_AUDIT_STACK_MARK, 0};

static void int80(const struct call *call)
{
	fill(&cross_in);
	cross_in.ax = call->number;
	cross_in.bx = call->a;
	cross_by_int80();
	cross_in.ax = (uint64_t)call->result;
	check(0, "after INT 0x80");
}

static void by_int80(void)
{
	int80(&getppid);
}

static void by_filling_int80(void)
{
	int80(&filling);
}

static void by_marking_int80(void)
{
	int80(&marking);
}

/* 32-bit code: ebp points to the sixth argument, which comes back in it. */
static void prepare_32(const char *pad, const struct call *call)
{
	fill(&cross_in);
	cross_in.ax = call->number;
	cross_in.bx = call->a;
	cross_in.bp = (uint64_t)ways_stack_end - EBP_WORD;
	eb_ways(EB_WAYS_LANDING_PAD, (long)pad, 0);
}

static void check_32(const struct call *call, const char *when)
{
	cross_in.ax = (uint64_t)(uint32_t)call->result;
	cross_out.ax = (uint32_t)cross_out.ax;
	cross_in.bp = SIXTH_ARGUMENT;
	check(SKIP_CX | SKIP_R11, when);
}

static void syscall_32(const struct call *call)
{
	prepare_32(cross_by_syscall_32_pad, call);
	cross_by_syscall_32();
	check_32(call, "after SYSCALL of 32-bit code");
}

static void sysenter(const struct call *call, uint64_t flags)
{
	prepare_32(cross_by_sysenter_pad, call);
	cross_in.flags |= flags;
	cross_by_sysenter();
	cross_in.dx = (uint64_t)cross_by_sysenter_pad;
	check_32(call, "after SYSENTER");
}

#define BY_32(name)                                                                                \
	static void by_##name##_syscall_32(void)                                                   \
	{                                                                                          \
		syscall_32(&name);                                                                 \
	}                                                                                          \
	static void by_##name##_sysenter(void)                                                     \
	{                                                                                          \
		sysenter(&name, 0);                                                                \
	}
BY_32(getppid)
BY_32(unknown)
BY_32(filling)
BY_32(marking)

/* With a flag that the kernel must not run with. */
static void by_sysenter_flags(void)
{
	sysenter(&getppid, AC);
}

static void by_exception(void)
{
	fill(&cross_in);
	cross_by_ud2();
	check(0, "after #UD");
}

static void by_page_fault(void)
{
	sys_call(SYS_MADVISE, (long)page, 4096, DONTNEED, 0, 0, 0);
	fill(&cross_in);
	cross_in.si = (uint64_t)page;
	cross_by_touch();
	check(0, "after #PF");
}

static void by_kernels_page_fault(void)
{
	sys_call(SYS_MADVISE, (long)page, 4096, DONTNEED, 0, 0, 0);
	uint64_t length =
	    syscall_by_cross(EB_AUDIT_NUMBER, EB_AUDIT_FEATURES, (uint64_t)page, 4096);
	EXPECT_EQUAL(length, text_length((const char *)page), "length of the features");
}

/* The same below a mark for the erase. */
static void by_kernels_marked_page_fault(void)
{
	sys_call(SYS_MADVISE, (long)page, 4096, DONTNEED, 0, 0, 0);
	fill(&cross_in);
	cross_in.ax = EB_AUDIT_NUMBER;
	cross_in.di = EB_AUDIT_RANGE;
	cross_in.si = EB_TABLE_KERNEL;
	cross_in.dx = 0;
	cross_in.r10 = (uint64_t)page;
	cross_by_syscall();
	check(SKIP_CX | SKIP_R11 | SKIP_AX, "after SYSCALL");
	EXPECT_EQUAL(cross_out.ax, 1, "EB_AUDIT_RANGE");
}

static void by_interrupt(void)
{
	EXPECT_EQUAL(syscall_by_cross(EB_WAYS_NUMBER, EB_WAYS_SELF_IPI, 1, 0), 0, "eb_ways");
}

static void by_kernels_interrupt(void)
{
	EXPECT_EQUAL(syscall_by_cross(EB_AUDIT_NUMBER, EB_AUDIT_RAISE, VECTOR_WAYS, 0), 0,
		     "eb_audit");
}

static void by_kernels_marked_interrupt(void)
{
	EXPECT_EQUAL(syscall_by_cross(EB_AUDIT_NUMBER, EB_AUDIT_RAISE, VECTOR_WAYS, 1), 0,
		     "eb_audit");
}

static void by_interrupt_gate(void)
{
	fill(&cross_in);
	cross_by_interrupt_gate();
	check(0, "after the interrupt gate");
}

static void by_call_gate(void)
{
	fill(&cross_in);
	cross_by_call_gate();
	check(0, "after the call gate");
}

/* A frame that IRET refuses: the fault there is ring 3's. */
static struct eb_regs refused;
static struct eb_interrupt request;

static void exit_with_refused(void)
{
	/* catching has its own breakpoints: again */
	audit(EB_AUDIT_INTERRUPT, (uint64_t)&request, 0, 0);
	exit_with(&refused);
}

static void by_refused_iret(void)
{
	fill(&refused);
	refused.ss = 0;
	EXPECT(catch_in(exit_with_refused), "a null SS did not trap");
	EXPECT(caught_count == 1 && caught[0].vector == VECTOR_GP, "vector %d",
	       (int)caught[0].vector);
	same_regs(&caught[0].regs, &refused, SKIP_ORIG_AX, "refused by IRET");
}

static void by_breakpoint(void)
{
	fill(&cross_in);
	cross_by_int3();
	check(0, "after INT3");
}

static void by_kernels_breakpoint(void)
{
	EXPECT_EQUAL(syscall_by_cross(EB_AUDIT_NUMBER, EB_AUDIT_RAISE, VECTOR_BP, 0), 0,
		     "eb_audit");
}

/* ---- scenarios --------------------------------------------------------------------------------------------------- */

static uint64_t at_entry(void)
{
	return phase("syscall.swapgs");
}

static uint64_t in_c(void)
{
	return (uint64_t)audit(EB_AUDIT_PLACE,
			       has("choice=c") ? EB_PLACE_CHOOSING_C : EB_PLACE_SYSCALL_C, 0, 0);
}

static uint64_t in_ring3(void)
{
	return (uint64_t)cross_back_syscall;
}

/* Each tries the instructions of its paths where no scenario before it came by. */
static const struct scenario {
	const char *name;
	const char *paths; /* each with a space behind it */
	void (*cross)(void);
	uint64_t (*nmi_at)(void);
	unsigned nmi_as;	/* the vector as which that one enters */
	unsigned breakpoint_as; /* and #BP, or 0 */
	unsigned ways;		/* of interrupting it */
	bool breakpoint_in_nmi;
} scenarios[] = {
    {"SYSCALL", "syscall iret ", by_syscall, NULL, 0, 0, BY_DB | BY_MC, false},
    {"SYSCALL, stack full", "syscall iret ", by_filling_syscall, NULL, 0, 0, BY_DB | BY_MC, false},
    {"SYSCALL, stack marked", "syscall iret ", by_marking_syscall, NULL, 0, 0, BY_DB | BY_MC,
     false},
    {"SYSCALL, all registers", "syscall ", by_clone3, NULL, 0, 0, BY_DB | BY_MC, false},
    {"SYSCALL, work comes up", "syscall ", by_kill, NULL, 0, 0, BY_DB | BY_MC, false},
    {"SYSCALL, IRET", "syscall iret ", by_iret, NULL, 0, 0, BY_DB | BY_MC, false},
    {"INT 0x80", "int80 iret ", by_int80, NULL, 0, 0, BY_DB | BY_MC, false},
    {"INT 0x80, stack full", "iret ", by_filling_int80, NULL, 0, 0, BY_DB | BY_MC, false},
    {"INT 0x80, stack marked", "iret ", by_marking_int80, NULL, 0, 0, BY_DB | BY_MC, false},
    {"SYSCALL of 32-bit code", "syscall_32 fast_32 shallow_syscall_32 ", by_getppid_syscall_32,
     NULL, 0, 0, BY_DB | BY_MC, false},
    {"SYSCALL of 32-bit code, unknown", "syscall_32 fast_32 shallow_syscall_32 ",
     by_unknown_syscall_32, NULL, 0, 0, BY_DB | BY_MC, false},
    {"SYSCALL of 32-bit code, stack full", "syscall_32 fast_32 shallow_syscall_32 ",
     by_filling_syscall_32, NULL, 0, 0, BY_DB | BY_MC, false},
    {"SYSCALL of 32-bit code, stack marked", "syscall_32 fast_32 shallow_syscall_32 ",
     by_marking_syscall_32, NULL, 0, 0, BY_DB | BY_MC, false},
    {"SYSENTER", "sysenter fast_32 shallow_sysenter ", by_getppid_sysenter, NULL, 0, 0,
     BY_DB | BY_MC, false},
    {"SYSENTER, unknown", "sysenter fast_32 shallow_sysenter ", by_unknown_sysenter, NULL, 0, 0,
     BY_DB | BY_MC, false},
    {"SYSENTER, stack full", "sysenter fast_32 shallow_sysenter ", by_filling_sysenter, NULL, 0, 0,
     BY_DB | BY_MC, false},
    {"SYSENTER, stack marked", "sysenter fast_32 shallow_sysenter ", by_marking_sysenter, NULL, 0,
     0, BY_DB | BY_MC, false},
    {"SYSENTER with AC", "sysenter ", by_sysenter_flags, NULL, 0, 0, BY_DB | BY_MC, false},
    {"#UD", "exception iret ", by_exception, NULL, 0, 0, BY_DB | BY_MC, false},
    {"#PF", "exception ", by_page_fault, NULL, 0, 0, BY_DB | BY_MC, false},
    {"#PF in the kernel", "exception ", by_kernels_page_fault, NULL, 0, 0, BY_DB | BY_MC, false},
    {"#PF in the kernel, marked", "exception ", by_kernels_marked_page_fault, NULL, 0, 0,
     BY_DB | BY_MC, false},
    {"IRET refused", "exception adopt ", by_refused_iret, NULL, 0, 0, BY_DB | BY_MC, false},
    {"interrupt", "interrupt iret ", by_interrupt, NULL, 0, 0, BY_DB | BY_MC, false},
    {"interrupt in the kernel", "interrupt ", by_kernels_interrupt, NULL, 0, 0, BY_DB | BY_MC,
     false},
    {"interrupt in the kernel, marked", "interrupt ", by_kernels_marked_interrupt, NULL, 0, 0,
     BY_DB | BY_MC, false},
    {"interrupt gate", "interrupt_gate ", by_interrupt_gate, NULL, 0, 0, BY_DB | BY_MC, false},
    {"call gate", "call_gate ", by_call_gate, NULL, 0, 0, BY_DB | BY_MC, false},
    {"NMI at the entry", "nmi ", by_syscall, at_entry, VECTOR_NMI, 0, BY_DB | BY_MC, false},
    {"NMI in C", "nmi ", by_syscall, in_c, VECTOR_NMI, 0, BY_DB | BY_MC, false},
    {"NMI in ring 3", "nmi ", by_syscall, in_ring3, VECTOR_NMI, 0, BY_DB | BY_MC, false},
    {"#DB", "debug ", by_breakpoint, NULL, 0, VECTOR_DB, BY_MC, false},
    {"#DB in the kernel", "debug ", by_kernels_breakpoint, NULL, 0, VECTOR_DB, BY_MC, false},
    {"#DB at the entry", "debug ", by_syscall, at_entry, VECTOR_DB, 0, BY_MC, false},
    {"#DB in an NMI", "debug ", by_syscall, at_entry, VECTOR_NMI, VECTOR_DB, BY_MC, true},
    {"#MC", "machine_check ", by_breakpoint, NULL, 0, VECTOR_MC, BY_DB, false},
    {"#MC in the kernel", "machine_check ", by_kernels_breakpoint, NULL, 0, VECTOR_MC, BY_DB,
     false},
    {"#MC at the entry", "machine_check ", by_syscall, at_entry, VECTOR_MC, 0, BY_DB, false},
    {"#MC in an NMI", "machine_check ", by_syscall, at_entry, VECTOR_NMI, VECTOR_MC, BY_DB, true},
};

static bool has_path(const struct scenario *scenario, const char *path)
{
	for (const char *at = scenario->paths; *at; at++) {
		if (text_starts(at, path) && at[text_length(path)] == ' ')
			return true;
		while (*at != ' ')
			at++;
	}
	return false;
}

static void judge(struct point *point, const struct scenario *scenario, unsigned way)
{
	static struct eb_interrupted result;

	audit(EB_AUDIT_INTERRUPTED, (uint64_t)&result, 0, 0);
	EXPECT(!result.wrongs, "%s, %s at %lx: wrong: %d at ip %lx: %lx, must be %lx",
	       scenario->name, point->path, point->address, (int)result.what, result.ip, result.got,
	       result.want);
	uint64_t nmis = request.nmi_at ? result.breaks + result.nested : 2 * result.breaks;
	EXPECT(result.nmis == nmis, "%s, %s at %lx: %lx NMIs, must be %lx", scenario->name,
	       point->path, point->address, result.nmis, nmis);
	totals[0] += result.breaks;
	totals[1] += result.nmis;
	totals[2] += result.nested;
	if (request.nmi_at ? result.nested : result.breaks)
		point->done |= way | NMI;
}

static void interrupt_at(struct point *point, const struct scenario *scenario, unsigned way)
{
	request.at = point->address;
	request.nmi_at = scenario->nmi_at ? scenario->nmi_at() : 0;
	request.nmi_as = scenario->nmi_as;
	request.breakpoint_in_nmi = scenario->breakpoint_in_nmi;
	audit(EB_AUDIT_DIVERT, VECTOR_DB, way == BY_MC ? VECTOR_MC : VECTOR_DB, 0);
	audit(EB_AUDIT_DIVERT, VECTOR_BP,
	      scenario->breakpoint_as ? scenario->breakpoint_as : VECTOR_BP, 0);
	EXPECT_EQUAL(syscall_by_cross(EB_AUDIT_NUMBER, EB_AUDIT_INTERRUPT, (uint64_t)&request, 0),
		     0, "EB_AUDIT_INTERRUPT");
	scenario->cross();
	judge(point, scenario, way);
}

static void run_scenario(const struct scenario *scenario)
{
	for (unsigned i = 0; i < point_count; i++)
		for (unsigned way = BY_DB; way <= BY_MC; way <<= 1)
			if (has_path(scenario, points[i].path) &&
			    way & scenario->ways & ~points[i].done)
				interrupt_at(&points[i], scenario, way);
}

/* ---- tests ------------------------------------------------------------------------------------------------------- */

static void test_points(void)
{
	EXPECT(read_points(), "%d instructions in the list", (int)point_count);
	page = (uint8_t *)sys_call(SYS_MMAP, 0, 4096, 3, 0x22, -1, 0);
	gs_word = pattern(40);
	sys_call(SYS_ARCH_PRCTL, SET_GS, (long)&gs_word, 0, 0, 0, 0);
	signal_handle(SIGNAL_USR1, count_signal);
	sys_call(EB_WAYS_NUMBER, EB_WAYS_FIXUP, VECTOR_UD, 2, 0, 0, 0);
	sys_call(EB_WAYS_NUMBER, EB_WAYS_FIXUP, VECTOR_DB, 0, 0, 0, 0);
	for (unsigned i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
		run_scenario(&scenarios[i]);
}

static unsigned wanted_ways(const char *path)
{
	unsigned ways = 0;

	for (unsigned i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
		if (has_path(&scenarios[i], path))
			ways |= scenarios[i].ways | NMI;
	return ways;
}

/* An instruction of a path "shallow_..." runs only where C leaves the stack clean enough: it need not. */
static void test_coverage(void)
{
	unsigned reached = 0, optional = 0;

	for (unsigned i = 0; i < point_count; i++) {
		unsigned want = wanted_ways(points[i].path);
		bool done = want && points[i].done == want;

		if (!points[i].done && text_starts(points[i].path, "shallow")) {
			optional++;
			continue;
		}
		EXPECT(done, "%s: %lx was not reached: %lx", points[i].path, points[i].address,
		       (uint64_t)points[i].done);
		reached += done;
	}
	if (optional)
		say("LEFT OUT: %d instructions of the erase after 32-bit calls, which C's use of "
		    "the stack skips",
		    (int)optional);
	say("COVERAGE: %d of %d instructions; %d breaks, %d NMIs, %d of them sent in an NMI",
	    (int)reached, (int)(point_count - optional), (int)totals[0], (int)totals[1],
	    (int)totals[2]);
}

static const struct test tests[] = {
    {"interruptions leave no trace", test_points, NULL},
    {"every instruction was interrupted", test_coverage, NULL},
};

const struct program program = {"interruption", tests, sizeof(tests) / sizeof(tests[0])};
