/*
 * What arrives by itself: interrupts in ring 3 and where ring 0 runs on ring 3's GS, a #DB on a GS
 * base that ring 3 has chosen.
 */
#include "mechanism_check.h"

static const char *no_apic(void)
{
	return eb_mechanism(EB_MECHANISM_SELF_IPI, 0, 0) != 0 ? "no local APIC" : NULL;
}

static const char *no_call_gate(void)
{
	return has("entry=fred") ? "FRED has no call gates" : no_apic();
}

/* It arrives as soon as the system call is back; every register is as the call left it. */
static void test_self_ipi(void)
{
	long before = eb_mechanism(EB_MECHANISM_INTERRUPTS, 0, 0);
	struct eb_regs want;

	prepare(EB_MECHANISM_NUMBER);
	cross_in.di = EB_MECHANISM_SELF_IPI;
	cross_in.si = 1;
	cross_by_syscall();
	want = cross_in;
	want.ax = 0;
	syscall_changes(&want, cross_back_syscall);
	judge(&want, "self-IPI");
	EXPECT_EQUAL(eb_mechanism(EB_MECHANISM_INTERRUPTS, 0, 0) - before, 1,
		     "number of interrupts");
}

static const char *no_checked_int80(void)
{
	return has("int80=c") ? no_apic() : "INT 0x80 is taken for ring 3's, whoever sent it";
}

/* What a device sends to vector 0x80 is no system call of ring 3's; nor of the kernel's. */
static void test_int80_of_device(void)
{
	for (enum eb_raise how = EB_RAISE_HERE; how <= EB_RAISE_IN_RING3; how++) {
		long before = eb_mechanism(EB_MECHANISM_INTERRUPTS, 0, 0);
		struct eb_regs want;

		prepare(EB_AUDIT_NUMBER);
		cross_in.di = EB_AUDIT_RAISE;
		cross_in.si = VECTOR_INT80;
		cross_in.dx = how;
		cross_by_syscall();
		want = cross_in;
		want.ax = 0;
		syscall_changes(&want, cross_back_syscall);
		judge(&want, "vector 0x80");
		EXPECT_EQUAL(eb_mechanism(EB_MECHANISM_INTERRUPTS, 0, 0) - before, 1,
			     "number of interrupts");
	}
}

enum { FAR_CALLS = 1000, TRIES = 200 };

/*
 * A loop of little more than calls through the gate, with a word in every register that a handler
 * could have lost.
 */
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
 * The APIC's timer runs out at one instruction after the other of a loop over the call gate, its
 * far return included, where IRQs are on in ring 0 with ring 3's GS. That it was hit there the
 * breakpoint on return_fixup.swapgs tells.
 */
static void test_interrupt_in_call_gate(void)
{
	unsigned fixed_up = 0;

	eb_mechanism(EB_MECHANISM_GATES, 1, 0);
	audit(EB_AUDIT_BREAK, 0, phase("return_fixup.swapgs"), 0);
	audit(EB_AUDIT_BREAK, 1, 0, 0);
	for (long i = 0; i < TRIES; i++) {
		long before = eb_mechanism(EB_MECHANISM_INTERRUPTS, 0, 0);
		eb_mechanism(EB_MECHANISM_TIMER, 1000 + i, 0);
		EXPECT(!catch_in(many_far_calls), "trapped");
		EXPECT_EQUAL(eb_mechanism(EB_MECHANISM_INTERRUPTS, 0, 0) - before, 1, "interrupts");
		fixed_up += caught_count;
	}
	audit(EB_AUDIT_BREAK, 0, 0, 0);
	EXPECT(fixed_up > 0, "no interrupt hit the far return in %d tries", TRIES);
}

/* ---- NMIs that come in ring 3, with FRED ---- */

static const char *no_fred(void)
{
	return has("entry=fred") ? no_apic() : "its IRET lets NMIs in, wherever that leads";
}

static volatile unsigned nmis_taken;

static void take_nmi(void)
{
	if (eb_mechanism(EB_MECHANISM_SELF_NMI, 1, 0) == 0) /* hangs where NMIs are held back */
		nmis_taken++;
}

/*
 * Its way out may lead to another task first: that one must not run with NMIs held back, nor this
 * one later.
 */
static void test_nmi_with_work(void)
{
	worker_begin();
	nmis_taken = 0;
	worker_ask(take_nmi);
	EXPECT_EQUAL(audit(EB_AUDIT_RAISE, VECTOR_NMI, 0, 0), 0, "eb_audit");
	EXPECT_EQUAL(nmis_taken, 1, "NMIs of the other thread before this one went on");
	take_nmi();
	EXPECT_EQUAL(nmis_taken, 2, "NMIs in the end");
	worker_wait();
	worker_end();
}

/* ---- any GS base in ring 3: the paranoid entries must not go by its sign ---- */

static const char *no_fsgsbase(void)
{
	if (has("entry=fred"))
		return "FRED has no SWAPGS";
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

static const struct test tests[] = {
    {"a breakpoint before SWAPGS with a negative GS base", test_negative_gs, no_fsgsbase},
    {"a self-IPI gives all registers back", test_self_ipi, no_apic},
    {"an NMI in ring 3 whose way out leads to another task", test_nmi_with_work, no_fred},
    {"vector 0x80 from a device is no system call", test_int80_of_device, no_checked_int80},
    {"an interrupt on the call gate's far return", test_interrupt_in_call_gate, no_call_gate},
};

const struct program program = {"interrupts", tests, sizeof(tests) / sizeof(tests[0]), true};
