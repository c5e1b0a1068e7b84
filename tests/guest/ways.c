/*
 * The ways in other than SYSCALL: INT 0x80, SYSENTER, SYSCALL from 32-bit code, the empty call and interrupt gates, interrupts.
 * Each gives ring 3 its registers back, bears a single step, a return to where ring 3 cannot be, and an interrupt on its very
 * last instruction.
 */
#include <entrybench/ways.h>

#include "harness/signal_frame.h"
#include "harness/ways.h"
#include "lib/test.h"

void cross_by_int80(void);
void cross_by_interrupt_gate(void);
void cross_by_call_gate(void);
void cross_by_syscall_32(void);
void cross_by_sysenter(void);
extern const char cross_by_syscall_32_pad[], cross_by_sysenter_pad[];
extern uint32_t ways_stack_end[];

enum { SIXTH_ARGUMENT = 0xcafe1234, EBP_WORD = 16 }; /* as in ways_cross.S */
enum { EFAULT = 14, FLAGS_KEPT = CF | PF | ZF | DF | ID };

static void prepare(uint64_t number)
{
	fill(&cross_in);
	cross_in.ax = number;
	cross_in.flags |= FLAGS_KEPT;
}

/* What came out against what went in; `want` has been told the differences. */
static void judge(struct eb_regs *want, const char *when)
{
	want->ip = cross_out.ip;
	want->cs = cross_out.cs;
	want->ss = cross_out.ss;
	want->orig_ax = cross_out.orig_ax;
	same_regs(&cross_out, want, 0, when);
}

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

/* ---- 32-bit code ---- */

/* Registers as the 32-bit convention wants them: ebp points to the stack, where the sixth argument lies. */
static void prepare_32(const char *pad)
{
	prepare(SYS_INT80_GETPPID);
	cross_in.bp = (uint64_t)ways_stack_end - EBP_WORD;
	eb_ways(EB_WAYS_LANDING_PAD, (long)pad, 0);
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

/* 32-bit code keeps no upper halves but of the registers that it has not; the kernel got all of them and gave them back. */
static struct eb_regs wanted_32(void)
{
	struct eb_regs want = cross_in;

	want.ax = 0;
	want.bp = SIXTH_ARGUMENT;
	return want;
}

static void test_syscall_32(void)
{
	try_syscall_32();
	struct eb_regs want = wanted_32();
	want.cx = (uint64_t)cross_by_syscall_32_pad;
	want.r11 = cross_in.flags;
	judge(&want, "SYSCALL");
}

static void test_sysenter(void)
{
	try_sysenter();
	struct eb_regs want = wanted_32();
	want.cx = (uint64_t)ways_stack_end - EBP_WORD;
	want.dx = (uint64_t)cross_by_sysenter_pad;
	judge(&want, "SYSENTER");
}

/* Flags that the kernel must not run with: it still gives them back, SYSENTER's by IRET. */
static void test_sysenter_flags(void)
{
	prepare_32(cross_by_sysenter_pad);
	cross_in.flags |= AC | NT;
	cross_by_sysenter();
	struct eb_regs want = wanted_32();
	want.cx = (uint64_t)ways_stack_end - EBP_WORD;
	want.dx = (uint64_t)cross_by_sysenter_pad;
	judge(&want, "SYSENTER with AC and NT");
}

static void sysenter_without_stack(void)
{
	prepare_32(cross_by_sysenter_pad);
	cross_in.bp = 0xfffff000;
	cross_by_sysenter();
}

/* ---- what the kernel runs with ---- */

static struct eb_state inside;

/* eb_audit by a 32-bit call: operation in ebx, its argument in ecx, or for SYSCALL in ebp. */
static void ask_state(void)
{
	cross_in.ax = EB_AUDIT_NUMBER;
	cross_in.bx = EB_AUDIT_STATE;
	cross_in.cx = (uint64_t)&inside;
	cross_in.flags |= AC | NT;
	inside.flags = ~0ull;
}

static void check_inside(const char *name)
{
	EXPECT(!(inside.flags & (AC | NT | DF | TF)), "%s: rflags inside are %lx", name,
	       inside.flags);
	EXPECT_EQUAL(inside.gs_base, inside.percpu, "gs base");
	EXPECT(inside.sp >= inside.stack_bottom && inside.sp < inside.stack_top,
	       "%s: stack pointer inside is %lx", name, inside.sp);
	EXPECT_EQUAL(inside.cr3 & ~0xfffull, inside.kernel_root, "cr3");
}

static void test_inside_int80(void)
{
	prepare(0);
	ask_state();
	cross_by_int80();
	check_inside("int80");
}

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

/* The stack that ebp names is not there: EFAULT, and then ring 3 traps on the stack it asked for. */
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
	cross_in.bp = (uint64_t)ways_stack_end - EBP_WORD;
	eb_ways(EB_WAYS_LANDING_PAD, 0, 0);
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

/* ---- a single step over each ---- */

static void (*stepped)(void);

static void step(void)
{
	cross_in.flags |= TF;
	stepped();
}

/* One trap, in ring 3, none that the kernel took for its own. */
static void check_step(void (*cross)(void), const char *name)
{
	stepped = cross;
	audit(EB_AUDIT_BREAK, 0, 0, 0);
	audit(EB_AUDIT_BREAK, 1, 0, 0);
	EXPECT(catch_in(step), "%s: did not trap", name);
	EXPECT(caught_count == 1, "%s: %d traps", name, (int)caught_count);
	EXPECT(caught[0].vector == VECTOR_DB && caught[0].dr6 & TF << 6, "%s: vector %d, dr6 %lx",
	       name, (int)caught[0].vector, caught[0].dr6);
	EXPECT(caught[0].regs.cs & 3, "%s: the kernel itself was stepped", name);
}

static void test_steps(void)
{
	prepare(SYS_INT80_GETPPID);
	check_step(cross_by_int80, "int80");
	check_step(cross_by_interrupt_gate, "interrupt gate");
	check_step(cross_by_call_gate, "call gate");
}

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

/* ---- any GS base in ring 3: the paranoid entries must not go by its sign ---- */

static const char *no_fsgsbase(void)
{
	return has("paranoid=fsgsbase") ? NULL : "ring 3 has no WRGSBASE";
}

static void call_getppid(void)
{
	sys_call(SYS_GETPPID, 0, 0, 0, 0, 0, 0);
}

/* A breakpoint on SYSCALL's SWAPGS: in ring 0, on a GS base that looks like the kernel's. */
static void test_negative_gs(void)
{
	const uint64_t base = 0xffffc90000001000;
	uint64_t after;

	audit(EB_AUDIT_BREAK, 0, phase("syscall.swapgs"), 0);
	audit(EB_AUDIT_BREAK, 1, 0, 0);
	__asm__ volatile("wrgsbase %0" : : "r"(base));
	bool trapped = catch_in(call_getppid);
	__asm__ volatile("rdgsbase %0" : "=r"(after));
	__asm__ volatile("wrgsbase %0" : : "r"(0ull));
	audit(EB_AUDIT_BREAK, 0, 0, 0);
	EXPECT(!trapped, "trapped");
	EXPECT(caught_count >= 1, "the breakpoint was not hit");
	EXPECT_EQUAL(after, base, "GS base");
}

/* ---- interrupts ---- */

static const char *no_apic(void)
{
	return eb_ways(EB_WAYS_SELF_IPI, 0, 0) != 0 ? "no local APIC" : NULL;
}

/* It arrives as soon as the system call is back; every register is as the call left it. */
static void test_self_ipi(void)
{
	long before = eb_ways(EB_WAYS_INTERRUPTS, 0, 0);
	struct eb_regs want;

	prepare(EB_WAYS_NUMBER);
	cross_in.di = EB_WAYS_SELF_IPI;
	cross_in.si = 1;
	cross_by_syscall();
	want = cross_in;
	want.ax = 0;
	want.cx = (uint64_t)cross_back_syscall;
	want.r11 = cross_in.flags;
	judge(&want, "self-IPI");
	EXPECT_EQUAL(eb_ways(EB_WAYS_INTERRUPTS, 0, 0) - before, 1, "number of interrupts");
}

enum { FAR_CALLS = 1000, TRIES = 200 };

/* A loop of little more than calls through the gate, with a word in every register that a handler could have lost. */
static void many_far_calls(void)
{
	uint64_t calls = FAR_CALLS, a = pattern(1), b = pattern(2), c = pattern(3), d = pattern(4);

	__asm__ volatile(
	    "mov %[r8], %%r8\n\tmov %[r15], %%r15\n"
	    "1:	lcall *call_gate_operand\n"
	    "	dec %[calls]\n"
	    "	jnz 1b\n"
	    "	mov %%r8, %[r8]\n\tmov %%r15, %[r15]"
	    : [calls] "+r"(calls), [rax] "+a"(a), [rdi] "+D"(b), [r8] "+b"(c), [r15] "+d"(d)
	    :
	    : "r8", "r15", "memory");
	EXPECT(a == pattern(1) && b == pattern(2) && c == pattern(3) && d == pattern(4),
	       "registers are lost: %lx %lx %lx %lx", a, b, c, d);
}

/*
 * The APIC's timer runs out at one instruction after the other of a loop over the call gate, its far return included, where
 * IRQs are on in ring 0 with ring 3's GS. That it was hit there the breakpoint on adopt.swapgs tells.
 */
static void test_interrupt_in_call_gate(void)
{
	unsigned adopted = 0;

	audit(EB_AUDIT_BREAK, 0, phase("adopt.swapgs"), 0);
	audit(EB_AUDIT_BREAK, 1, 0, 0);
	for (long i = 0; i < TRIES; i++) {
		long before = eb_ways(EB_WAYS_INTERRUPTS, 0, 0);
		eb_ways(EB_WAYS_TIMER, 1000 + i, 0);
		EXPECT(!catch_in(many_far_calls), "trapped");
		EXPECT_EQUAL(eb_ways(EB_WAYS_INTERRUPTS, 0, 0) - before, 1, "interrupts");
		adopted += caught_count;
	}
	audit(EB_AUDIT_BREAK, 0, 0, 0);
	EXPECT(adopted > 0, "no interrupt hit the far return in %d tries", TRIES);
}

static const struct test tests[] = {
    {"INT 0x80 gives all registers back", test_int80, NULL},
    {"the empty gates give all registers back", test_gates, NULL},
    {"rt_sigreturn loads all registers", test_sigreturn, NULL},
    {"32-bit SYSCALL gives all registers back", test_syscall_32, no_syscall_32},
    {"SYSENTER gives all registers back", test_sysenter, no_sysenter},
    {"SYSENTER with AC and NT set", test_sysenter_flags, no_sysenter},
    {"flags, GS, stack, CR3 inside INT 0x80", test_inside_int80, NULL},
    {"flags, GS, stack, CR3 inside 32-bit SYSCALL", test_inside_syscall_32, no_syscall_32},
    {"flags, GS, stack, CR3 inside SYSENTER", test_inside_sysenter, no_sysenter},
    {"SYSENTER without a stack", test_sysenter_stack, no_sysenter},
    {"32-bit SYSCALL without a landing pad", test_syscall_32_pad, no_syscall_32},
    {"SYSENTER without a landing pad", test_sysenter_pad, no_sysenter},
    {"single step over INT 0x80 and the gates", test_steps, NULL},
    {"single step over 32-bit SYSCALL", test_step_syscall_32, no_syscall_32},
    {"single step over SYSENTER", test_step_sysenter, no_sysenter},
    {"gates at the very end of ring 3", test_last_page, NULL},
    {"a breakpoint before SWAPGS with a negative GS base", test_negative_gs, no_fsgsbase},
    {"a self-IPI gives all registers back", test_self_ipi, no_apic},
    {"an interrupt on the call gate's far return", test_interrupt_in_call_gate, no_apic},
};

const struct program program = {"ways", tests, sizeof(tests) / sizeof(tests[0])};
