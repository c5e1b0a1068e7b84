/*
 * Attacks the way out of SYSCALL: the test hook changes the registers that ring 3 gets back, so
 * that each condition of SYSRET is violated alone and in pairs. Ring 3 must be in exactly the state
 * asked for, or be reported to fault there, and breakpoints on the last phase of both ways out tell
 * which one was taken.
 */
#include "lib/test.h"

enum way { WAY_NONE, WAY_SYSRET, WAY_IRET /* or ERETU */ };

/* What a change makes of the landing in ring 3. */
enum landing_kind {
	LANDS,	    /* runs the NOP, then the undefined instruction */
	LANDS_STEP, /* TF: traps after the NOP */
	FAULTS,	    /* the state itself is none that ring 3 can be in */
};

struct change {
	const char *name;
	const char *about; /* changes of one register exclude each other */
	void (*apply)(struct eb_regs *regs, uint64_t value);
	uint64_t value;
	enum landing_kind kind;
	bool sysret; /* SYSRET can still give it, where it can reach the address */
};

static void set_cx(struct eb_regs *regs, uint64_t value)
{
	regs->cx ^= value;
}

static void set_r11(struct eb_regs *regs, uint64_t value)
{
	regs->r11 ^= value;
}

static void set_ip(struct eb_regs *regs, uint64_t value)
{
	/* what SET_CX changed stays changed */
	regs->cx ^= regs->ip ^ value;
	regs->ip = value;
}

static void set_flags(struct eb_regs *regs, uint64_t value)
{
	regs->flags ^= value;
	regs->r11 ^= value;
}

static void set_cs(struct eb_regs *regs, uint64_t value)
{
	regs->cs = value;
}

static void set_ss(struct eb_regs *regs, uint64_t value)
{
	regs->ss = value;
}

static const struct change changes[] = {
    {"nothing", "", set_cx, 0, LANDS, true},
    {"other flags", "flags", set_flags, AC | DF | ID | CF, LANDS, true},
    {"last address below bit 47", "ip", set_ip, 0x00007fffffffffff, FAULTS, true},
    /* not of ERETU's own page: Bochs (3.1) lets ring 3 go on in that one */
    {"address of the kernel", "ip", set_ip, 0xffffffff80111000, FAULTS, true},
    {"lowest address of the kernel", "ip", set_ip, 0xffff800000000000, FAULTS, true},
    {"rip with bit 47 alone", "ip", set_ip, 0x0000800000000000, FAULTS, true},
    {"rip right below bits 47 to 63", "ip", set_ip, 0xffff7fffffffffff, FAULTS, true},
    {"rip with bits 48 to 63", "ip", set_ip, 0xffff000000400000, FAULTS, true},
    {"rip with bit 48 alone", "ip", set_ip, 0x0001000000400000, FAULTS, true},
    {"last address below bit 56", "ip", set_ip, 0x00ffffffffffffff, FAULTS, true},
    {"rip with bit 56 alone", "ip", set_ip, 0x0100000000000000, FAULTS, true},
    {"rip with bits 56 to 63", "ip", set_ip, 0xff00000000000000, FAULTS, true},
    {"rip right below bits 56 to 63", "ip", set_ip, 0xfeffffffffffffff, FAULTS, true},
    {"rip with bit 63 alone", "ip", set_ip, 0x8000000000000000, FAULTS, true},
    {"rip with bit 62 alone", "ip", set_ip, 0x4000000000000000, FAULTS, true},
    {"rip 0x7fff...", "ip", set_ip, 0x7fffffffffffffff, FAULTS, true},

    {"rcx != rip, low bit", "cx", set_cx, 1, LANDS, false},
    {"rcx != rip, bit 63", "cx", set_cx, 1ull << 63, LANDS, false},
    {"rcx != rip, bit 47", "cx", set_cx, 1ull << 47, LANDS, false},
    {"r11 != rflags, CF", "r11", set_r11, CF, LANDS, false},
    {"r11 != rflags, bit 63", "r11", set_r11, 1ull << 63, LANDS, false},
    {"r11 != rflags, TF", "r11", set_r11, TF, LANDS, false},
    {"RF", "flags", set_flags, RF, LANDS, false},
    {"TF", "flags", set_flags, TF, LANDS_STEP, false},
    {"TF and RF", "flags", set_flags, TF | RF, LANDS_STEP, false},
    {"cs of 32-bit code", "cs", set_cs, USER_CODE_32, LANDS, false},
    {"cs of the kernel", "cs", set_cs, 0x13, FAULTS, false},
    {"cs of data", "cs", set_cs, USER_DATA, FAULTS, false},
    {"cs beyond the GDT", "cs", set_cs, 0xfff3, FAULTS, false},
    {"null cs", "cs", set_cs, 3, FAULTS, false},
    {"null ss", "ss", set_ss, 0, FAULTS, false},
    {"null ss of ring 3", "ss", set_ss, 3, FAULTS, false},
    {"ss of the kernel", "ss", set_ss, 0x18, FAULTS, false},
    {"ss of the kernel for ring 3", "ss", set_ss, 0x1b, FAULTS, false},
    {"ss of code", "ss", set_ss, USER_CODE, FAULTS, false},
    {"ss beyond the GDT", "ss", set_ss, 0xfffb, FAULTS, false},
};
enum { CHANGES = sizeof(changes) / sizeof(changes[0]) };

static struct eb_regs wanted;
static uint64_t sysret_leave, iret_leave;

static void leave(void)
{
	exit_with(&wanted);
}

/*
 * Whether SYSRET may be used for that address: canonical, or, where C chooses as Linux 6 does,
 * below 2^47.
 */
static bool sysret_reaches(uint64_t ip)
{
	int unused = has("la57=on") ? 64 - 57 : 64 - 48;

	if (has("choice=c"))
		return ip < 1ull << 47;
	return (uint64_t)((int64_t)(ip << unused) >> unused) == ip;
}

/* The last phase reached before the trap that ended it. */
static enum way way_taken(void)
{
	uint64_t ip = caught_count >= 2 ? caught[caught_count - 2].regs.ip : 0;

	EXPECT(!ip || !(caught[caught_count - 2].regs.flags & IF),
	       "interrupts are on at the way out");
	return ip && ip == sysret_leave ? WAY_SYSRET : ip && ip == iret_leave ? WAY_IRET : WAY_NONE;
}

/*
 * Bochs (3.1): ERETU to 32-bit code holds RIP against a limit that nobody has set, and faults where
 * that is too small.
 */
static bool refused_by_bochs(const struct eb_trap *trap)
{
	return has("entry=fred") && wanted.cs == USER_CODE_32 && trap->vector == VECTOR_GP &&
	       trap->regs.ip == wanted.ip;
}

static void judge_landing(const struct change *a, const struct change *b,
			  const struct eb_trap *trap)
{
	bool faults = a->kind == FAULTS || b->kind == FAULTS;
	/*
	 * 32-bit code gets the low half of rip only, which is no landing then: any trap of its own
	 * will do
	 */
	bool cut = wanted.cs == USER_CODE_32 && wanted.ip >> 32;
	bool steps = a->kind == LANDS_STEP || b->kind == LANDS_STEP;
	struct eb_regs want = wanted;

	if (refused_by_bochs(trap))
		return;
	if (cut) {
		EXPECT_EQUAL(trap->regs.cs, USER_CODE_32, "cs");
		return;
	}
	if (faults) {
		EXPECT(trap->vector == VECTOR_GP || trap->vector == VECTOR_PF ||
			   trap->vector == 12 || trap->vector == 11,
		       "%s, %s: vector %d", a->name, b->name, (int)trap->vector);
	} else {
		want.ip++; /* the NOP has run */
		EXPECT(trap->vector == (steps ? VECTOR_DB : VECTOR_UD), "%s, %s: vector %d",
		       a->name, b->name, (int)trap->vector);
	}
	/* A frame that IRET refused is reported as ring 3's, so its CS has RPL 3 in any case. */
	if (!same_regs(&trap->regs, &want, SKIP_ORIG_AX, "landing"))
		wrong("... with %s, %s", a->name, b->name);
}

static void try(const struct change *a, const struct change *b)
{
	static uint64_t stack[64];

	fill(&wanted);
	wanted.cx = wanted.ip;
	wanted.r11 = wanted.flags;
	wanted.sp = (uint64_t)&stack[64];
	a->apply(&wanted, a->value);
	b->apply(&wanted, b->value);
	bool sysret = has("exit=sysret") && a->sysret && b->sysret && sysret_reaches(wanted.ip);
	enum way want = sysret ? WAY_SYSRET : WAY_IRET;
	if (!catch_in(leave)) {
		wrong("%s, %s: did not trap", a->name, b->name);
		return;
	}
	enum way got = way_taken();
	EXPECT(got == want, "%s, %s: left by %s", a->name, b->name,
	       got == WAY_SYSRET ? "SYSRET"
	       : got == WAY_IRET ? "IRET"
				 : "neither");
	judge_landing(a, b, &caught[caught_count - 1]);
}

static void watch_exits(void)
{
	sysret_leave = phase("syscall.leave");
	iret_leave = leaving_to_any_state();
	audit(EB_AUDIT_BREAK, 0, sysret_leave, 0);
	audit(EB_AUDIT_BREAK, 1, iret_leave, 0);
}

static void test_single(void)
{
	watch_exits();
	for (unsigned i = 0; i < CHANGES; i++)
		try(&changes[i], &changes[0]);
}

static void test_pairs(void)
{
	watch_exits();
	for (unsigned i = 1; i < CHANGES; i++)
		for (unsigned j = i + 1; j < CHANGES; j++)
			if (!text_equal(changes[i].about, changes[j].about))
				try(&changes[i], &changes[j]);
}

/* RF must reach ring 3: the breakpoint on the landing is passed over once. */
static void check_rf(uint64_t rf, unsigned hits_wanted)
{
	unsigned hits = 0;

	audit(EB_AUDIT_BREAK, 0, (uint64_t)landing, 0);
	audit(EB_AUDIT_BREAK, 1, 0, 0);
	fill(&wanted);
	wanted.cx = wanted.ip;
	wanted.flags |= rf;
	wanted.r11 = wanted.flags;
	EXPECT(catch_in(leave), "did not trap");
	for (unsigned i = 0; i < caught_count; i++)
		hits += caught[i].vector == VECTOR_DB && caught[i].regs.ip == (uint64_t)landing;
	EXPECT(hits == hits_wanted, "%d hits of the breakpoint, must be %d", (int)hits,
	       (int)hits_wanted);
	audit(EB_AUDIT_BREAK, 0, 0, 0);
}

static void test_rf(void)
{
	check_rf(0, 1);
	check_rf(RF, 0);
}

/* The last page: a SYSCALL in its last two bytes would return to the first address above ring 3. */
static void (*last_bytes)(void);

static void call_last_bytes(void)
{
	__asm__ volatile("call *%0" : : "r"(last_bytes), "a"(SYS_GETPPID) : "rcx", "r11", "memory");
}

static void test_last_page(void)
{
	enum { FIXED_NOREPLACE = 0x100022, READ_WRITE = 3, READ_EXEC = 5, SYS_MPROTECT = 10 };
	const uint64_t page = 0x00007ffffffff000;
	long at = sys_call(SYS_MMAP, (long)page, 4096, READ_WRITE, FIXED_NOREPLACE, -1, 0);

	EXPECT_EQUAL(at, page, "mmap of the last page");
	if ((uint64_t)at != page)
		return;
	*(volatile uint16_t *)(page + 4094) = 0x050f; /* SYSCALL */
	EXPECT_EQUAL(sys_call(SYS_MPROTECT, (long)page, 4096, READ_EXEC, 0, 0, 0), 0, "mprotect");
	last_bytes = (void (*)(void))(page + 4094);
	watch_exits();
	EXPECT(catch_in(call_last_bytes), "did not trap");
	const struct eb_trap *trap = &caught[caught_count - 1];
	EXPECT(trap->vector == VECTOR_GP || trap->vector == VECTOR_PF, "vector %d",
	       (int)trap->vector);
	EXPECT_EQUAL(trap->regs.ip, page + 4096, "rip");
	EXPECT_EQUAL(trap->regs.cs, USER_CODE, "cs");
	EXPECT_EQUAL(trap->regs.ax, 0, "rax: getppid's result");
	bool sysret = has("exit=sysret") && sysret_reaches(page + 4096);
	EXPECT_EQUAL(way_taken(), sysret ? WAY_SYSRET : WAY_IRET, "the way out");
}

/* The hook itself refuses what would be no ring 3 at all. */
static void test_hook(void)
{
	fill(&wanted);
	wanted.cs = 0x10;
	EXPECT(audit(EB_AUDIT_EXIT_WITH, (uint64_t)&wanted, 0, 0) == -1, "ring 0 is not refused");
}

/* TF set by ring 3 itself over a SYSCALL: no trap in the kernel, one right after. */
static void step_over_syscall(void)
{
	fill(&cross_in);
	cross_in.ax = SYS_GETPPID;
	cross_in.flags |= TF;
	cross_by_syscall();
}

static void test_step(void)
{
	audit(EB_AUDIT_BREAK, 0, 0, 0);
	audit(EB_AUDIT_BREAK, 1, 0, 0);
	EXPECT(catch_in(step_over_syscall), "did not trap");
	EXPECT_EQUAL(caught_count, 1, "number of traps");
	EXPECT_EQUAL(caught[0].vector, VECTOR_DB, "vector");
	EXPECT(caught[0].dr6 & TF << 6, "dr6 is %lx: no single step", caught[0].dr6);
}

static const struct test tests[] = {
    {"each condition alone forces IRET", test_single, NULL},
    {"each pair of conditions forces IRET", test_pairs, NULL},
    {"RF reaches ring 3", test_rf, NULL},
    {"SYSCALL at the very end of ring 3", test_last_page, NULL},
    {"single step over SYSCALL", test_step, NULL},
    {"the hook refuses ring 0", test_hook, NULL},
};

const struct program program = {"exits", tests, sizeof(tests) / sizeof(tests[0]), false};
