/*
 * IRET to a stack segment of the LDT. One of 16 bits gets SP alone from IRET: without espfix=on
 * bits 31:16 of ESP are the kernel's own, which is shown here; with it they are ring 3's. A frame
 * that IRET refuses there arrives as #DF in the kernel and as #GP in ring 3.
 */
#include "mm/layout.h"
#include "lib/ldt.h"
#include "lib/test.h"

extern const char espfix_landing[], espfix_middle[]; /* espfix_landing.S */

enum { VECTOR_NP = 11, VECTOR_SS = 12 };
enum { HIGH_HALF = 32, BITS_31_TO_16 = 0xffff0000 };

static struct eb_regs wanted;
static uint64_t iret_leave, double_fault;

static void leave(void)
{
	exit_with(&wanted);
}

static void watch(void)
{
	iret_leave = leaving_to_any_state();
	double_fault = phase("double_fault.entry");
	audit(EB_AUDIT_BREAK, 0, iret_leave, 0);
	audit(EB_AUDIT_BREAK, 1, double_fault, 0);
}

/* How often the breakpoint at `ip` was hit, and where the stack pointer was at the last time. */
static unsigned hits(uint64_t ip, uint64_t *sp)
{
	unsigned count = 0;

	for (unsigned i = 0; i + 1 < caught_count; i++) {
		if (caught[i].vector != VECTOR_DB || caught[i].regs.ip != ip)
			continue;
		count++;
		*sp = caught[i].regs.sp;
	}
	return count;
}

/* A frame with all that SYSRET wants but for CS and SS. */
static void prepare(uint16_t ss, uint64_t sp)
{
	fill(&wanted);
	wanted.cs = USER_CODE_32;
	wanted.ip = (uint64_t)espfix_landing;
	wanted.cx = wanted.ip;
	wanted.r11 = wanted.flags;
	wanted.ss = ss;
	wanted.sp = sp;
}

/* To 32-bit code on that stack; the registers with which it has ended, or NULL. */
static const struct eb_regs *land(uint16_t ss, uint64_t sp)
{
	prepare(ss, sp);
	EXPECT(catch_in(leave), "sp %lx: did not trap", sp);
	const struct eb_trap *end = &caught[caught_count - 1];
	EXPECT(end->vector == VECTOR_UD && end->regs.ss == ss, "sp %lx: vector %d, ss %lx", sp,
	       (int)end->vector, end->regs.ss);
	return end->vector == VECTOR_UD ? &end->regs : NULL;
}

/* ---- what is in ESP ---- */

/*
 * ESP in ring 3 for what the frame asked, the kernel's stack pointer at that IRET being
 * `kernel_sp`.
 */
static uint32_t expected(uint64_t asked, uint64_t kernel_sp)
{
	if (has("espfix=on") || has("entry=fred"))
		return (uint32_t)asked;
	return (uint32_t)((kernel_sp & BITS_31_TO_16) | (asked & ~(uint64_t)BITS_31_TO_16));
}

/*
 * The upper half that IRET leaves to 32-bit code: nothing (Intel, Bochs), or what was there in ring
 * 0 (AMD, QEMU).
 */
static void check_high_half(uint64_t rsp, uint64_t kernel_sp)
{
	uint64_t high = rsp >> HIGH_HALF;

	EXPECT(high == 0 || high == kernel_sp >> HIGH_HALF, "rsp %lx, the kernel's %lx", rsp,
	       kernel_sp);
	if (has("espfix=on"))
		EXPECT_EQUAL(kernel_sp >> HIGH_HALF, ESPFIX_BASE >> HIGH_HALF,
			     "bits 63:32 of the kernel's stack pointer");
}

static void check_esp(uint64_t asked)
{
	uint64_t kernel_sp = 0;
	const struct eb_regs *got = land(ldt_selector(LDT_STACK_16), asked);

	EXPECT(hits(iret_leave, &kernel_sp) >= 1, "sp %lx: did not leave by IRET", asked);
	if (!got)
		return;
	uint32_t want = expected(asked, kernel_sp);
	EXPECT_EQUAL(got->cx, want, "esp on arrival");
	EXPECT_EQUAL(got->bx, want, "esp pushed and popped");
	EXPECT_EQUAL((uint32_t)got->dx, want, "the lower half of rsp");
	check_high_half(got->dx, kernel_sp);
}

/* Each of bits 31:16 alone, none, all; and bits 63:32, which no 32-bit code has. */
static void check_all_esp(void)
{
	enum { LOW = 0x8008 };

	watch();
	for (int bit = 16; bit < 32; bit++)
		check_esp(1ull << bit | LOW);
	check_esp(LOW);
	check_esp(BITS_31_TO_16 | LOW);
	check_esp(pattern(3) << 16 | LOW);
}

static const char *with_espfix(void)
{
	return has("espfix=on") ? "espfix=on" : has("entry=fred") ? "ERETU has no such leak" : NULL;
}

static const char *without_espfix(void)
{
	return has("espfix=on") || has("entry=fred") ? NULL : "espfix=off";
}

/* The same in both cases: each knows what it must find, and says it once. */
static void test_esp(void)
{
	uint64_t kernel_sp = 0;

	check_all_esp();
	hits(iret_leave, &kernel_sp);
	say("\tring 3 asked for rsp %lx and has %lx; the kernel's at that IRET was %lx", wanted.sp,
	    caught[caught_count - 1].regs.dx, kernel_sp);
}

/*
 * A breakpoint's own way back is such an IRET too. None on the way out at the same time: QEMU loses
 * RF there, where a breakpoint was passed in the same block.
 */
static void test_exception(void)
{
	const uint64_t asked = 0x4321fff0;
	uint64_t kernel_sp = 0, esp = 0;

	watch();
	land(ldt_selector(LDT_STACK_16), asked);
	hits(iret_leave, &kernel_sp);
	audit(EB_AUDIT_BREAK, 0, (uint64_t)espfix_middle, 0);
	const struct eb_regs *got = land(ldt_selector(LDT_STACK_16), asked);
	EXPECT_EQUAL(hits((uint64_t)espfix_middle, &esp), 1, "hits of the breakpoint");
	EXPECT_EQUAL((uint32_t)esp, expected(asked, kernel_sp), "esp at the breakpoint");
	if (got)
		EXPECT_EQUAL(got->si, expected(asked, kernel_sp), "esp after the breakpoint");
}

/* 32 bits of stack: nothing is lost, with or without. */
static void test_stack_32(void)
{
	const uint64_t asked = 0x00008ffc;

	watch();
	const struct eb_regs *got = land(ldt_selector(LDT_STACK_32), asked);
	if (got)
		EXPECT_EQUAL(got->dx, asked, "rsp");
}

/*
 * 64-bit code has all of RSP whatever the segment, on these machines; SYSRET, which sets SS itself,
 * must not be taken.
 */
static void test_code_64(void)
{
	static uint64_t stack[8];
	uint64_t sp = (uint64_t)&stack[8];

	watch();
	for (int entry = LDT_STACK_16; entry <= LDT_STACK_32; entry++) {
		prepare(ldt_selector((enum ldt_entry)entry), sp);
		wanted.cs = USER_CODE;
		wanted.ip = wanted.cx = (uint64_t)landing;
		EXPECT(catch_in(leave), "did not trap");
		EXPECT(caught_count >= 2 && caught[caught_count - 2].regs.ip == iret_leave,
		       "did not leave by IRET");
		wanted.ip++; /* the NOP has run */
		same_regs(&caught[caught_count - 1].regs, &wanted, SKIP_ORIG_AX, "64-bit code");
	}
}

/* ---- frames that IRET refuses ---- */

static const struct refused {
	const char *name;
	uint64_t cs, ss, ip; /* 0: as it was */
	bool
	    in_ring3; /* QEMU lets IRET pass, and the fault is that of ring 3's first instruction */
} refusals[] = {
    {"cs beyond the GDT", .cs = 0xfff3},
    {"cs of data", .cs = USER_DATA},
    {"null cs", .cs = 3},
    {"ss not present", .ss = LDT_ABSENT << 3 | 7},
    {"ss read-only", .ss = LDT_READ_ONLY << 3 | 7},
    {"ss of code", .ss = LDT_CODE << 3 | 7},
    {"ss beyond the LDT", .ss = LDT_COUNT << 3 | 7},
    {"rip not canonical", .cs = USER_CODE, .ip = 0x0000800000000000, .in_ring3 = true},
};

static bool may_be(uint64_t vector, const struct refused *refused)
{
	if (refused->in_ring3)
		return vector == VECTOR_GP || vector == VECTOR_PF;
	if (has("espfix=on"))
		return vector == VECTOR_GP;
	return vector == VECTOR_GP || vector == VECTOR_NP || vector == VECTOR_SS;
}

static void refuse(const struct refused *refused)
{
	uint64_t at;

	prepare(ldt_selector(LDT_STACK_16), 0x1234abc0);
	wanted.cs = refused->cs ? refused->cs : wanted.cs;
	wanted.ss = refused->ss ? refused->ss : wanted.ss;
	wanted.ip = refused->ip ? refused->ip : wanted.ip;
	EXPECT(catch_in(leave), "%s: did not trap", refused->name);
	const struct eb_trap *trap = &caught[caught_count - 1];
	unsigned faults = hits(double_fault, &at);
	bool by_iret = !refused->in_ring3 || faults;
	EXPECT(may_be(trap->vector, refused), "%s: vector %d", refused->name, (int)trap->vector);
	EXPECT(faults == (by_iret && has("espfix=on")), "%s: %d times #DF", refused->name,
	       (int)faults);
	if (faults)
		EXPECT_EQUAL(trap->regs.orig_ax, 0, "error code");
	if (!same_regs(&trap->regs, &wanted, SKIP_ORIG_AX, "refused"))
		wrong("... with %s", refused->name);
}

static void test_refused(void)
{
	watch();
	for (unsigned i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		refuse(&refusals[i]);
		EXPECT_EQUAL(sys_call(SYS_GETPPID, 0, 0, 0, 0, 0, 0), 0, "getppid afterwards");
	}
	check_esp(0x76548008);
}

static const char *no_ldt(void)
{
	return ldt_fill() ? NULL : "no LDT";
}

static const char *leaks_not(void)
{
	return no_ldt() ? no_ldt() : with_espfix();
}

static const char *leaks(void)
{
	return no_ldt() ? no_ldt() : without_espfix();
}

static const struct test tests[] = {
    {"a 16-bit stack shows bits 31:16 of the kernel's stack pointer", test_esp, leaks_not},
    {"a 16-bit stack gets all of ESP from IRET or ERETU", test_esp, leaks},
    {"a 16-bit stack after an exception", test_exception, no_ldt},
    {"a 32-bit stack of the LDT", test_stack_32, no_ldt},
    {"stacks of the LDT in 64-bit code, by IRET alone", test_code_64, no_ldt},
    {"frames that IRET refuses", test_refused, no_ldt},
};

const struct program program = {"espfix", tests, sizeof(tests) / sizeof(tests[0]), false};
