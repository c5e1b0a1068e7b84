/*
 * The ways in of 64-bit code other than SYSCALL: INT 0x80, the empty call and interrupt gates; and
 * rt_sigreturn. Each gives ring 3 its registers back, bears a single step and a return to where
 * ring 3 cannot be.
 */
#include "mechanism_check.h"

#include "harness/signal_frame.h"

static void test_int80(void)
{
	struct eb_regs want;

	prepare(SYS_INT80_GETPPID);
	cross_by_int80();
	want = cross_in;
	want.ax = 0;
	judge(&want, "int80");
}

static void test_gates(void)
{
	struct eb_regs want;

	EXPECT_EQUAL(eb_mechanism(EB_MECHANISM_GATES, 1, 0), 0, "eb_mechanism");
	prepare(pattern(99));
	cross_by_interrupt_gate();
	want = cross_in;
	judge(&want, "interrupt gate");
	if (has("entry=fred"))
		return;
	prepare(pattern(99));
	cross_by_call_gate();
	want = cross_in;
	judge(&want, "call gate");
}

/* ---- FRED: no gates, so the core must say what INT n is open to ring 3 ---- */

static const char *no_fred(void)
{
	return has("entry=fred") ? NULL : "the gates say so themselves";
}

static void int_gp(void)
{
	__asm__ volatile("int $13");
}

static void int_nmi(void)
{
	__asm__ volatile("int $2");
}

static void int_unused(void)
{
	__asm__ volatile("int $0xfc");
}

static void sysenter_64(void)
{
	__asm__ volatile("sysenter" : : : "memory");
}

/*
 * `error_code` and RIP at the instruction, as from a gate of ring 0's; and nothing of what the
 * vector means was done.
 */
static void check_refused(void (*attempt)(void), uint64_t vector, uint64_t error_code)
{
	long interrupts = eb_mechanism(EB_MECHANISM_INTERRUPTS, 0, 0);

	EXPECT(catch_in(attempt), "did not trap");
	EXPECT(caught_count == 1 && caught[0].vector == vector, "vector %d", (int)caught[0].vector);
	EXPECT_EQUAL(caught[0].regs.orig_ax, error_code, "error code");
	EXPECT_EQUAL(caught[0].regs.ip, (uint64_t)attempt, "rip");
	EXPECT_EQUAL(eb_mechanism(EB_MECHANISM_INTERRUPTS, 0, 0), interrupts, "interrupts");
}

static void test_refused(void)
{
	check_refused(int_gp, VECTOR_GP, 13 << 3 | 2);
	check_refused(int_nmi, VECTOR_GP, VECTOR_NMI << 3 | 2);
	check_refused(int_unused, VECTOR_GP, 0xfc << 3 | 2);
	check_refused(sysenter_64, VECTOR_UD, 0);
	EXPECT(catch_in(cross_by_call_gate), "the call gate did not trap");
	EXPECT_EQUAL(caught[0].vector, VECTOR_GP, "vector at the call gate");
}

/* ---- registers that a system call changes: a path that saves only some must notice ---- */

static void change_registers(int signal, void *info, struct signal_context *context)
{
	(void)signal;
	(void)info;
	context->rbx = pattern(70);
	context->r12 = pattern(72);
	context->r14 = pattern(74);
}

/*
 * The frame has what stood in all registers, and rt_sigreturn loads them from there: those changed
 * and those not.
 */
static void test_sigreturn(void)
{
	struct eb_regs want;

	EXPECT_EQUAL(signal_handle(SIGNAL_USR1, change_registers), 0, "sigaction");
	prepare(SYS_TGKILL);
	cross_in.di = (uint64_t)sys_call(SYS_GETPID, 0, 0, 0, 0, 0, 0);
	cross_in.si = (uint64_t)sys_call(SYS_GETTID, 0, 0, 0, 0, 0, 0);
	cross_in.dx = SIGNAL_USR1;
	/* words that no earlier entry has left where pt_regs lies */
	cross_in.bp = pattern(80);
	cross_in.r13 = pattern(81);
	cross_in.r15 = pattern(82);
	cross_by_syscall();
	want = cross_in;
	want.ax = 0;
	syscall_changes(&want, cross_back_syscall);
	want.bx = pattern(70);
	want.r12 = pattern(72);
	want.r14 = pattern(74);
	judge(&want, "signal");
}

/* ---- a step that a signal frame asks for ---- */

static void ask_for_step(int signal, void *info, struct signal_context *context)
{
	(void)signal;
	(void)info;
	context->rip = (uint64_t)landing;
	context->rflags |= TF;
}

static void raise_usr1(void)
{
	long self = sys_call(SYS_GETPID, 0, 0, 0, 0, 0, 0);

	sys_call(SYS_TGKILL, self, self, SIGNAL_USR1, 0, 0, 0);
}

/*
 * It traps behind the instruction that the frame names, not before it: rt_sigreturn itself is not
 * what is stepped.
 */
static void test_step_by_frame(void)
{
	EXPECT_EQUAL(signal_handle(SIGNAL_USR1, ask_for_step), 0, "sigaction");
	EXPECT(catch_in(raise_usr1), "did not trap");
	EXPECT(caught_count == 1 && caught[0].vector == VECTOR_DB, "vector %d",
	       (int)caught[0].vector);
	EXPECT_EQUAL(caught[0].regs.ip, landing + 1, "rip");
}

static void test_inside_int80(void)
{
	prepare(0);
	ask_state();
	cross_by_int80();
	check_inside("int80");
}

static void test_steps(void)
{
	eb_mechanism(EB_MECHANISM_GATES, 1, 0);
	prepare(SYS_INT80_GETPPID);
	check_step(cross_by_int80, "int80");
	check_step(cross_by_interrupt_gate, "interrupt gate");
	if (!has("entry=fred"))
		check_step(cross_by_call_gate, "call gate");
}

/* ---- the very end of ring 3: a return to the first address above ---- */

static const uint64_t last_page = 0x00007ffffffff000;
static uint64_t last_code, last_rbx;

static void run_last_bytes(void)
{
	__asm__ volatile("call *%0"
			 :
			 : "r"(last_code), "a"(SYS_INT80_GETPPID), "b"(last_rbx)
			 : "rcx", "r11", "memory");
}

static void check_last_bytes(const uint8_t code[2], const char *name)
{
	enum { PAGE = 4096, READ_WRITE_EXEC = 7, FIXED_ANYWAY = 0x32 };
	long at = sys_call(SYS_MMAP, (long)last_page, PAGE, READ_WRITE_EXEC, FIXED_ANYWAY, -1, 0);

	EXPECT_EQUAL(at, last_page, "mmap of the last page");
	if ((uint64_t)at != last_page)
		return;
	last_code = last_page + PAGE - 2;
	((volatile uint8_t *)last_code)[0] = code[0];
	((volatile uint8_t *)last_code)[1] = code[1];
	EXPECT(catch_in(run_last_bytes), "%s: did not trap", name);
	const struct eb_trap *trap = &caught[caught_count - 1];
	EXPECT(trap->vector == VECTOR_GP || trap->vector == VECTOR_PF, "%s: vector %d", name,
	       (int)trap->vector);
	EXPECT_EQUAL(trap->regs.ip, last_page + PAGE, "rip");
	EXPECT_EQUAL(trap->regs.cs, USER_CODE, "cs");
	EXPECT_EQUAL(trap->regs.ss, USER_DATA, "ss");
	EXPECT_EQUAL(trap->regs.bx, last_rbx, "rbx");
	EXPECT(trap->regs.flags & IF, "%s: IF is off", name);
}

static void test_last_page(void)
{
	static const struct {
		uint32_t offset;
		uint16_t selector;
	} operand = {0, EB_CALL_GATE};

	eb_mechanism(EB_MECHANISM_GATES, 1, 0);
	last_rbx = (uint64_t)&operand;
	check_last_bytes((const uint8_t[]){0xcd, 0x80}, "int80");
	check_last_bytes((const uint8_t[]){0xcd, EB_INTERRUPT_GATE}, "interrupt gate");
	if (!has("entry=fred"))
		check_last_bytes((const uint8_t[]){0xff, 0x1b}, "call gate"); /* lcall *(%rbx) */
}

static const struct test tests[] = {
    {"INT 0x80 gives all registers back", test_int80, NULL},
    {"the empty gates give all registers back", test_gates, NULL},
    {"what no gate refuses is refused", test_refused, no_fred},
    {"rt_sigreturn loads all registers", test_sigreturn, NULL},
    {"a single step asked for in a signal frame", test_step_by_frame, NULL},
    {"flags, GS, stack, CR3 inside INT 0x80", test_inside_int80, NULL},
    {"single step over INT 0x80 and the gates", test_steps, NULL},
    {"gates at the very end of ring 3", test_last_page, NULL},
};

const struct program program = {"mechanisms", tests, sizeof(tests) / sizeof(tests[0]), false};
