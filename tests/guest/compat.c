/*
 * The fast system calls of 32-bit code, SYSCALL (AMD's CPUs) and SYSENTER (Intel's): registers and
 * flags there and back, a single step, missing stacks and landing pads.
 */
#include "mechanism_check.h"

enum { EFAULT = 14 };

/*
 * Registers as the 32-bit convention wants them: ebp points to the stack, where the sixth argument
 * lies.
 */
static void prepare_32(const char *pad)
{
	prepare(SYS_INT80_GETPPID);
	cross_in.bp = (uint64_t)mechanism_stack_end - EBP_WORD;
	eb_mechanism(EB_MECHANISM_LANDING_PAD, (long)pad, 0);
}

static void try_syscall_32(void)
{
	prepare_32(cross_by_syscall_32_pad);
	cross_by_syscall_32();
}

static void try_sysenter(void)
{
	prepare_32(cross_by_sysenter_pad);
	cross_by_sysenter();
}

static const char *no_syscall_32(void)
{
	return catch_in(try_syscall_32) ? "this CPU has no SYSCALL in 32-bit code" : NULL;
}

static const char *no_sysenter(void)
{
	return catch_in(try_sysenter) ? "this CPU has no SYSENTER in long mode" : NULL;
}

/*
 * 32-bit code keeps no upper halves but of the registers that it has not; the kernel got all of
 * them and gave them back.
 */
static struct eb_regs wanted_32(void)
{
	struct eb_regs want = cross_in;

	want.ax = 0;
	want.bp = SIXTH_ARGUMENT;
	return want;
}

/* SYSEXIT takes rsp and rip from rcx and rdx; ERETU takes nothing from any register. */
static struct eb_regs wanted_after_sysenter(void)
{
	struct eb_regs want = wanted_32();

	if (!has("entry=fred")) {
		want.cx = (uint64_t)mechanism_stack_end - EBP_WORD;
		want.dx = (uint64_t)cross_by_sysenter_pad;
	}
	return want;
}

static void test_syscall_32(void)
{
	try_syscall_32();
	struct eb_regs want = wanted_32();
	syscall_changes(&want, cross_by_syscall_32_pad);
	judge(&want, "SYSCALL");
}

static void test_sysenter(void)
{
	try_sysenter();
	struct eb_regs want = wanted_after_sysenter();
	judge(&want, "SYSENTER");
}

/* Flags that the kernel must not run with: it still gives them back, SYSENTER's by IRET. */
static void test_sysenter_flags(void)
{
	prepare_32(cross_by_sysenter_pad);
	cross_in.flags |= AC | NT;
	cross_by_sysenter();
	struct eb_regs want = wanted_after_sysenter();
	judge(&want, "SYSENTER with AC and NT");
}

static void sysenter_without_stack(void)
{
	prepare_32(cross_by_sysenter_pad);
	cross_in.bp = 0xfffff000;
	cross_by_sysenter();
}

/* ---- what the kernel runs with ---- */

static void test_inside_syscall_32(void)
{
	prepare_32(cross_by_syscall_32_pad);
	ask_state();
	cross_in.bp = (uint64_t)&inside;
	cross_by_syscall_32();
	check_inside("SYSCALL");
}

static void test_inside_sysenter(void)
{
	prepare_32(cross_by_sysenter_pad);
	ask_state();
	cross_by_sysenter();
	check_inside("SYSENTER");
}

/* ---- what is not there ---- */

/*
 * The stack that ebp names is not there: EFAULT, and then ring 3 traps on the stack it asked for.
 */
static void test_sysenter_stack(void)
{
	EXPECT(catch_in(sysenter_without_stack), "did not trap");
	const struct eb_trap *trap = &caught[caught_count - 1];
	EXPECT_EQUAL((uint32_t)trap->regs.ax, (uint32_t)-EFAULT, "eax");
	EXPECT_EQUAL(trap->regs.sp, 0xfffff000, "esp");
	EXPECT_EQUAL(trap->regs.cs & 3, 3, "ring");
}

/* No landing pad: ring 3 faults at address 0, not ring 0. */
static void without_pad(void (*cross)(void))
{
	cross_in.bp = (uint64_t)mechanism_stack_end - EBP_WORD;
	eb_mechanism(EB_MECHANISM_LANDING_PAD, 0, 0);
	EXPECT(catch_in(cross), "did not trap");
	EXPECT_EQUAL(caught[caught_count - 1].vector, VECTOR_PF, "vector");
	EXPECT_EQUAL(caught[caught_count - 1].regs.ip, 0, "rip");
	EXPECT_EQUAL(caught[caught_count - 1].regs.cs, USER_CODE_32, "cs");
}

static void test_syscall_32_pad(void)
{
	without_pad(cross_by_syscall_32);
}

static void test_sysenter_pad(void)
{
	without_pad(cross_by_sysenter);
}

/* ---- a single step ---- */

static void test_step_syscall_32(void)
{
	prepare_32(cross_by_syscall_32_pad);
	check_step(cross_by_syscall_32, "SYSCALL");
}

static void test_step_sysenter(void)
{
	prepare_32(cross_by_sysenter_pad);
	check_step(cross_by_sysenter, "SYSENTER");
}

static const struct test tests[] = {
    {"32-bit SYSCALL gives all registers back", test_syscall_32, no_syscall_32},
    {"SYSENTER gives all registers back", test_sysenter, no_sysenter},
    {"SYSENTER with AC and NT set", test_sysenter_flags, no_sysenter},
    {"flags, GS, stack, CR3 inside 32-bit SYSCALL", test_inside_syscall_32, no_syscall_32},
    {"flags, GS, stack, CR3 inside SYSENTER", test_inside_sysenter, no_sysenter},
    {"SYSENTER without a stack", test_sysenter_stack, no_sysenter},
    {"32-bit SYSCALL without a landing pad", test_syscall_32_pad, no_syscall_32},
    {"SYSENTER without a landing pad", test_sysenter_pad, no_sysenter},
    {"single step over 32-bit SYSCALL", test_step_syscall_32, no_syscall_32},
    {"single step over SYSENTER", test_step_sysenter, no_sysenter},
};

const struct program program = {"compat", tests, sizeof(tests) / sizeof(tests[0]), false};
