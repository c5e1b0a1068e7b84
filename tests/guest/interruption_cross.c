/*
 * The crossings that are interrupted: each checks what ring 3 got back, all registers and GS base
 * included.
 */
#include "interruption.h"

#include <entrybench/mechanism.h>

#include "harness/signal_frame.h"
#include "harness/mechanism.h"
#include "lib/ldt.h"
#include "mechanism_cross.h"

enum { SET_GS = 0x1001, DONTNEED = 4 };
enum { SIXTH_ARGUMENT = 0xcafe1234, EBP_WORD = 16 }; /* as in mechanism_cross.S */
enum { SYS_KILL = 62, SYS_CLONE3 = 435 };

static uint64_t gs_word;
static uint64_t gs_base;
static uint8_t *page; /* of the program's, to be faulted in */

/* ---- GS base ---- */

void set_plain_gs_base(void)
{
	gs_base = (uint64_t)&gs_word;
	gs_word = pattern(40);
	sys_call(SYS_ARCH_PRCTL, SET_GS, (long)gs_base, 0, 0, 0, 0);
}

void set_gs_base(uint64_t base)
{
	gs_base = base;
	__asm__ volatile("wrgsbase %0" : : "r"(base));
}

/*
 * Without a system call: by what lies there, or where it may be anything by the instruction that
 * reads it.
 */
static bool gs_base_is_right(void)
{
	uint64_t value;

	if (has("paranoid=fsgsbase")) {
		__asm__ volatile("rdgsbase %0" : "=r"(value));
		return value == gs_base;
	}
	__asm__ volatile("mov %%gs:0, %0" : "=r"(value));
	return value == gs_word;
}

/* ---- system calls of 64-bit code ---- */

static void check(unsigned skip, const char *when)
{
	EXPECT(gs_base_is_right(), "%s: GS base is another", when);
	EXPECT_EQUAL(cross_out.sp, cross_in.sp, "rsp");
	same_regs(&cross_out, &cross_in, skip | SKIP_FRAME | SKIP_ORIG_AX, when);
}

uint64_t syscall_by_cross(uint64_t number, uint64_t a, uint64_t b, uint64_t c)
{
	fill(&cross_in);
	cross_in.ax = number;
	cross_in.di = a;
	cross_in.si = b;
	cross_in.dx = c;
	cross_by_syscall();
	syscall_changes(&cross_in, cross_back_syscall);
	check(SKIP_AX, "after SYSCALL");
	return cross_out.ax;
}

void by_syscall(void)
{
	EXPECT_EQUAL(syscall_by_cross(SYS_GETPPID, pattern(1), pattern(2), pattern(3)), 0,
		     "getppid");
}

void by_filling_syscall(void)
{
	EXPECT_EQUAL(syscall_by_cross(EB_AUDIT_NUMBER, EB_AUDIT_STACK_FILL, 0, 0), 0, "eb_audit");
}

void by_marking_syscall(void)
{
	EXPECT_EQUAL(syscall_by_cross(EB_AUDIT_NUMBER, EB_AUDIT_STACK_MARK, 0, 0), 0, "eb_audit");
}

/* vmscape=on: the call itself is the first way out after a guest has run. */
void by_guest_syscall(void)
{
	EXPECT_EQUAL(syscall_by_cross(EB_AUDIT_NUMBER, EB_AUDIT_GUEST, 0, 0), 0, "eb_audit");
}

/* linux-4.4: one that needs all registers (and refuses), and one during which work comes up. */
void by_clone3(void)
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
void by_kill(void)
{
	long pid = sys_call(SYS_GETPID, 0, 0, 0, 0, 0, 0);
	unsigned before = signals;

	EXPECT_EQUAL(syscall_by_cross(SYS_KILL, (uint64_t)pid, SIGNAL_USR1, 0), 0, "kill");
	EXPECT_EQUAL(signals, before + 1, "signals");
}

/* A system call that ends by IRET, to a stack segment. */
static void by_iret_to(uint64_t ss)
{
	fill(&cross_in);
	cross_in.ss = ss;
	cross_in.ax = EB_AUDIT_NUMBER;
	cross_in.di = EB_AUDIT_EXIT_WITH;
	cross_in.si = (uint64_t)&cross_in;
	cross_in.ip = (uint64_t)cross_back_syscall;
	cross_by_syscall();
	check(0, "after IRET");
}

/* SYSRET cannot end it: rcx is not rip. */
void by_iret(void)
{
	by_iret_to(USER_DATA);
}

/* The frame goes by the ministack, where there is one. */
void by_iret_to_ldt(void)
{
	by_iret_to(ldt_selector(LDT_STACK_16));
}

/* number and first argument of a call */
struct call {
	uint64_t number, a;
	int64_t result;
};
static const struct call getppid = {SYS_INT80_GETPPID, 0, 0}, unknown = {200, 0, -SYS_ENOSYS},
			 filling = {EB_AUDIT_NUMBER, EB_AUDIT_STACK_FILL, 0},
			 marking = {EB_AUDIT_NUMBER, EB_AUDIT_STACK_MARK, 0},
			 guest = {EB_AUDIT_NUMBER, EB_AUDIT_GUEST, 0};

/* Flags that no gate clears, and that the kernel must not run with. */
enum { BAD_FLAGS = DF | AC | NT };

static void int80(const struct call *call)
{
	fill(&cross_in);
	cross_in.flags |= BAD_FLAGS;
	cross_in.ax = call->number;
	cross_in.bx = call->a;
	cross_by_int80();
	cross_in.ax = (uint64_t)call->result;
	check(0, "after INT 0x80");
}

void by_int80(void)
{
	int80(&getppid);
}

void by_filling_int80(void)
{
	int80(&filling);
}

void by_marking_int80(void)
{
	int80(&marking);
}

void by_guest_int80(void)
{
	int80(&guest);
}

/* 32-bit code: ebp points to the sixth argument, which comes back in it. */
static void prepare_32(const char *pad, const struct call *call)
{
	fill(&cross_in);
	cross_in.ax = call->number;
	cross_in.bx = call->a;
	cross_in.bp = (uint64_t)mechanism_stack_end - EBP_WORD;
	eb_mechanism(EB_MECHANISM_LANDING_PAD, (long)pad, 0);
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
	if (!has("entry=fred"))
		cross_in.dx = (uint64_t)cross_by_sysenter_pad;
	check_32(call, "after SYSENTER");
}

#define BY_32(name)                                                                                \
	void by_##name##_syscall_32(void)                                                          \
	{                                                                                          \
		syscall_32(&name);                                                                 \
	}                                                                                          \
	void by_##name##_sysenter(void)                                                            \
	{                                                                                          \
		sysenter(&name, 0);                                                                \
	}
BY_32(getppid)
BY_32(unknown)
BY_32(filling)
BY_32(marking)
BY_32(guest)

/* With a flag that the kernel must not run with. */
void by_sysenter_flags(void)
{
	sysenter(&getppid, AC);
}

void by_exception(void)
{
	fill(&cross_in);
	cross_in.flags |= BAD_FLAGS;
	cross_by_ud2();
	check(0, "after #UD");
}

void by_page_fault(void)
{
	sys_call(SYS_MADVISE, (long)page, 4096, DONTNEED, 0, 0, 0);
	fill(&cross_in);
	cross_in.si = (uint64_t)page;
	cross_by_touch();
	check(0, "after #PF");
}

void by_kernels_page_fault(void)
{
	sys_call(SYS_MADVISE, (long)page, 4096, DONTNEED, 0, 0, 0);
	uint64_t length =
	    syscall_by_cross(EB_AUDIT_NUMBER, EB_AUDIT_FEATURES, (uint64_t)page, 4096);
	EXPECT_EQUAL(length, text_length((const char *)page), "length of the features");
}

/* The same below a mark for the erase. */
void by_kernels_marked_page_fault(void)
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

void by_interrupt(void)
{
	EXPECT_EQUAL(syscall_by_cross(EB_MECHANISM_NUMBER, EB_MECHANISM_SELF_IPI, 1, 0), 0,
		     "eb_mechanism");
}

void by_kernels_interrupt(void)
{
	EXPECT_EQUAL(syscall_by_cross(EB_AUDIT_NUMBER, EB_AUDIT_RAISE, VECTOR_MECHANISM, 0), 0,
		     "eb_audit");
}

void by_kernels_marked_interrupt(void)
{
	EXPECT_EQUAL(syscall_by_cross(EB_AUDIT_NUMBER, EB_AUDIT_RAISE, VECTOR_MECHANISM, 1), 0,
		     "eb_audit");
}

/* int80=c: vector 0x80 by the local APIC, in ring 3 and in the kernel. */
static void by_device(enum eb_raise how)
{
	if (has("int80=c"))
		EXPECT_EQUAL(syscall_by_cross(EB_AUDIT_NUMBER, EB_AUDIT_RAISE, VECTOR_INT80, how),
			     0, "eb_audit");
	else
		by_syscall();
}

void by_devices_int80(void)
{
	by_device(EB_RAISE_IN_RING3);
}

void by_kernels_int80(void)
{
	by_device(EB_RAISE_HERE);
}

void by_kernels_marked_int80(void)
{
	by_device(EB_RAISE_MARKED);
}

void by_interrupt_gate(void)
{
	fill(&cross_in);
	cross_in.flags |= BAD_FLAGS;
	cross_by_interrupt_gate();
	check(0, "after the interrupt gate");
}

void by_call_gate(void)
{
	fill(&cross_in);
	cross_in.flags |= BAD_FLAGS;
	cross_by_call_gate();
	check(0, "after the call gate");
}

/* A frame that IRET refuses: the fault there is ring 3's. */
static struct eb_regs refused;
struct eb_interrupt request;

static void exit_with_refused(void)
{
	/* catching has its own breakpoints: again */
	audit(EB_AUDIT_INTERRUPT, (uint64_t)&request, 0, 0);
	exit_with(&refused);
}

static void refuse(uint64_t ss)
{
	fill(&refused);
	refused.ss = ss;
	EXPECT(catch_in(exit_with_refused), "ss %lx did not trap", ss);
	EXPECT(caught_count == 1 && caught[0].vector == VECTOR_GP, "vector %d",
	       (int)caught[0].vector);
	same_regs(&caught[0].regs, &refused, SKIP_ORIG_AX, "refused by IRET");
}

void by_refused_iret(void)
{
	refuse(0);
}

/* On the ministack it is a #DF first. */
void by_refused_iret_to_ldt(void)
{
	refuse(ldt_selector(LDT_CODE));
}

void by_breakpoint(void)
{
	fill(&cross_in);
	cross_by_int3();
	check(0, "after INT3");
}

void by_kernels_breakpoint(void)
{
	EXPECT_EQUAL(syscall_by_cross(EB_AUDIT_NUMBER, EB_AUDIT_RAISE, VECTOR_BP, 0), 0,
		     "eb_audit");
}

void crossings_begin(void)
{
	page = (uint8_t *)sys_call(SYS_MMAP, 0, 4096, 3, 0x22, -1, 0);
	signal_handle(SIGNAL_USR1, count_signal);
	EXPECT(ldt_fill(), "modify_ldt");
	eb_mechanism(EB_MECHANISM_GATES, 1, 0);
	eb_mechanism(EB_MECHANISM_FIXUP, VECTOR_UD, 2);
}
