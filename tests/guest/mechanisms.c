/*
 * The ways in of 64-bit code other than SYSCALL: INT 0x80, the empty call and interrupt gates; and rt_sigreturn. Each gives ring 3
 * its registers back, bears a single step and a return to where ring 3 cannot be.
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

	prepare(pattern(99));
	cross_by_interrupt_gate();
	want = cross_in;
	judge(&want, "interrupt gate");
	prepare(pattern(99));
	cross_by_call_gate();
	want = cross_in;
	judge(&want, "call gate");
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

/* The frame has what stood in all registers, and rt_sigreturn loads them from there: those changed and those not. */
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
	want.cx = (uint64_t)cross_back_syscall;
	want.r11 = cross_in.flags;
	want.bx = pattern(70);
	want.r12 = pattern(72);
	want.r14 = pattern(74);
	judge(&want, "signal");
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
	prepare(SYS_INT80_GETPPID);
	check_step(cross_by_int80, "int80");
	check_step(cross_by_interrupt_gate, "interrupt gate");
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

	last_rbx = (uint64_t)&operand;
	check_last_bytes((const uint8_t[]){0xcd, 0x80}, "int80");
	check_last_bytes((const uint8_t[]){0xcd, EB_INTERRUPT_GATE}, "interrupt gate");
	check_last_bytes((const uint8_t[]){0xff, 0x1b}, "call gate"); /* lcall *(%rbx) */
}

static const struct test tests[] = {
    {"INT 0x80 gives all registers back", test_int80, NULL},
    {"the empty gates give all registers back", test_gates, NULL},
    {"rt_sigreturn loads all registers", test_sigreturn, NULL},
    {"flags, GS, stack, CR3 inside INT 0x80", test_inside_int80, NULL},
    {"single step over INT 0x80 and the gates", test_steps, NULL},
    {"gates at the very end of ring 3", test_last_page, NULL},
};

const struct program program = {"mechanisms", tests, sizeof(tests) / sizeof(tests[0])};
