/* What a crossing does to ring 3's registers, and what of them the kernel's C sees. */
#include "lib/test.h"

enum { MSR_SPEC_CTRL = 0x48, MSR_PRED_CMD = 0x49 };
enum { NUMBERS = 512 }; /* of the core's table */

static void check_syscall(uint64_t number, uint64_t want_ax, uint64_t flags)
{
	fill(&cross_in);
	cross_in.ax = number;
	cross_in.flags = flags;
	cross_by_syscall();
	syscall_changes(&cross_in, cross_back_syscall);
	same_regs(&cross_out, &cross_in, SKIP_AX | SKIP_FRAME | SKIP_ORIG_AX, "after SYSCALL");
	EXPECT_EQUAL(cross_out.ax, want_ax, "rax");
	EXPECT_EQUAL(cross_out.flags, flags, "rflags");
	EXPECT_EQUAL(cross_out.sp, cross_in.sp, "rsp");
}

static void test_syscall(void)
{
	check_syscall(SYS_GETPPID, 0, IF | FIXED);
	check_syscall(SYS_UNKNOWN, (uint64_t)-SYS_ENOSYS, IF | FIXED);
	/* the number is the low 32 bits of rax alone */
	check_syscall(SYS_GETPPID | 0xdeadbeef00000000, 0, IF | FIXED);
}

/* All arithmetic flags, DF, AC, ID and NT come back as they went. */
static void test_syscall_flags(void)
{
	static const uint64_t sets[] = {0xcd5, DF, AC, ID, NT, DF | AC, 0xcd5 | AC | ID};

	for (unsigned i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		check_syscall(SYS_GETPPID, 0, (sets[i] & ~(uint64_t)IF) | IF | FIXED);
}

static void test_page_fault(void)
{
	uint64_t page = (uint64_t)sys_call(SYS_MMAP, 0, 4096, 3, 0x22, -1, 0);

	fill(&cross_in);
	cross_in.si = page;
	cross_in.flags = IF | FIXED | AC | CF;
	cross_by_touch();
	same_regs(&cross_out, &cross_in, SKIP_FRAME | SKIP_ORIG_AX, "after a page fault");
	EXPECT_EQUAL(cross_out.sp, cross_in.sp, "rsp");
	/* CMP of two zero bytes: ZF and PF */
	EXPECT_EQUAL(cross_out.flags, IF | FIXED | AC | ZF | PF, "rflags");
}

static void test_exception(void)
{
	fill(&cross_in);
	cross_in.flags = IF | FIXED;
	EXPECT(catch_in(cross_by_ud2), "UD2 did not trap");
	EXPECT_EQUAL(caught[0].vector, VECTOR_UD, "vector");
	same_regs(&cross_out, &cross_in, SKIP_FRAME | SKIP_ORIG_AX, "after an exception");
	same_regs(&caught[0].regs, &cross_in, SKIP_FRAME | SKIP_ORIG_AX, "in the kernel");
}

static void test_segments(void)
{
	static const char *const names[] = {"ds", "es", "fs", "gs"};
	uint16_t before[4], want[4];

	__asm__ volatile("mov %%ds, %0; mov %%es, %1; mov %%fs, %2; mov %%gs, %3"
			 : "=m"(before[0]), "=m"(before[1]), "=m"(before[2]), "=m"(before[3]));
	for (int selector = 0; selector <= USER_DATA; selector += USER_DATA) {
		want[0] = want[1] = (uint16_t)selector;
		want[2] = before[2];
		want[3] = before[3];
		__asm__ volatile("mov %0, %%ds; mov %0, %%es" : : "r"(selector));
		check_syscall(SYS_GETPPID, 0, IF | FIXED);
		for (int i = 0; i < 4; i++)
			EXPECT(cross_segments[i] == want[i], "%s is %lx, must be %lx", names[i],
			       (uint64_t)cross_segments[i], (uint64_t)want[i]);
	}
	__asm__ volatile("mov %0, %%ds; mov %1, %%es" : : "m"(before[0]), "m"(before[1]));
}

/* FS and GS bases: what they point to stays within reach, and the kernel has them where it must. */
static void test_bases(void)
{
	enum { SET_GS = 0x1001, SET_FS = 0x1002 };
	static uint64_t words[2] = {0x1122334455667788, 0x99aabbccddeeff00};
	struct eb_state state;
	uint64_t fs, gs;

	EXPECT_EQUAL(sys_call(SYS_ARCH_PRCTL, SET_FS, (long)&words[0], 0, 0, 0, 0), 0, "SET_FS");
	EXPECT_EQUAL(sys_call(SYS_ARCH_PRCTL, SET_GS, (long)&words[1], 0, 0, 0, 0), 0, "SET_GS");
	check_syscall(SYS_GETPPID, 0, IF | FIXED);
	__asm__ volatile("mov %%fs:0, %0; mov %%gs:0, %1" : "=r"(fs), "=r"(gs));
	EXPECT_EQUAL(fs, words[0], "fs:0");
	EXPECT_EQUAL(gs, words[1], "gs:0");
	audit(EB_AUDIT_STATE, (uint64_t)&state, 0, 0);
	EXPECT_EQUAL(state.fs_base, &words[0], "FS base in the kernel");
	EXPECT_EQUAL(state.kernel_gs_base, &words[1], "KERNEL_GS_BASE in the kernel");
	sys_call(SYS_ARCH_PRCTL, SET_FS, 0, 0, 0, 0, 0);
	sys_call(SYS_ARCH_PRCTL, SET_GS, 0, 0, 0, 0, 0);
}

/* The FPU's and SSE's state is ring 3's alone. */
static void test_vectors(void)
{
	static const uint64_t want[2] = {0x0123456789abcdef, 0xfedcba9876543210};
	uint64_t got[2];
	uint32_t csr_before, csr_after;

	__asm__ volatile("movups %0, %%xmm0; movups %0, %%xmm15; stmxcsr %1"
			 :
			 : "m"(want), "m"(csr_before));
	check_syscall(SYS_GETPPID, 0, IF | FIXED);
	for (int i = 0; i < 2; i++) {
		if (i == 0)
			__asm__ volatile("movups %%xmm0, %0" : "=m"(got));
		else
			__asm__ volatile("movups %%xmm15, %0" : "=m"(got));
		EXPECT_EQUAL(got[0], want[0], "low half of xmm0 or xmm15");
		EXPECT_EQUAL(got[1], want[1], "high half of xmm0 or xmm15");
	}
	__asm__ volatile("stmxcsr %0" : "=m"(csr_after));
	EXPECT_EQUAL(csr_after, csr_before, "mxcsr");
}

/* Which registers C finds at its first instruction: a breakpoint there logs them. */
static void check_cleared(enum eb_place place, void (*cross)(void), unsigned keep)
{
	uint64_t where = (uint64_t)audit(EB_AUDIT_PLACE, place, 0, 0);
	struct eb_regs zero = {0};

	audit(EB_AUDIT_BREAK, 0, where, 0);
	EXPECT(!catch_in(cross), "the crossing trapped");
	/* the call that ends the catching may meet it too */
	EXPECT(caught_count >= 1 && caught[0].vector == VECTOR_DB && caught[0].regs.ip == where,
	       "no breakpoint hit: %d traps", (int)caught_count);
	/* the first two arguments are the kernel's own; rax is the system call's number or kept */
	zero.di = caught[0].regs.di;
	zero.si = caught[0].regs.si;
	/* what a write of an MSR leaves there, too */
	if (caught[0].regs.cx == MSR_SPEC_CTRL || caught[0].regs.cx == MSR_PRED_CMD)
		zero.cx = caught[0].regs.cx;
	if (stack_gap() && place == EB_PLACE_SYSCALL_C)
		zero.bx = zero.di; /* it carries the stack pointer over the call */
	if (has("dispatch=lean") && place == EB_PLACE_SYSCALL_C) {
		zero.cx = NUMBERS;
		zero.bx = caught[0].regs.bx; /* the task */
		EXPECT((int64_t)zero.bx < 0, "rbx is %lx, no address of the kernel's", zero.bx);
	}
	same_regs(&caught[0].regs, &zero, SKIP_AX | SKIP_FRAME | SKIP_ORIG_AX | keep, "in C");
	EXPECT((int64_t)zero.di < 0, "rdi is %lx, no address of the kernel's", zero.di);
	EXPECT((caught[0].regs.flags & (TF | DF | NT | AC)) == 0, "rflags in C are %lx",
	       caught[0].regs.flags);
}

static void test_cleared_syscall(void)
{
	fill(&cross_in);
	cross_in.ax = SYS_GETPPID;
	cross_in.flags = 0xcd5 | DF | NT | AC | ID | IF | FIXED;
	check_cleared(EB_PLACE_SYSCALL_C, cross_by_syscall, 0);
	bool lean = has("dispatch=lean"); /* the first of C is the call's own function */
	EXPECT_EQUAL(caught[0].regs.si, has("entry=fred") || lean ? 0 : SYS_GETPPID, "rsi");
	EXPECT((caught[0].regs.flags & IF) == (lean ? IF : 0), "interrupts before C");
}

static void test_cleared_trap(void)
{
	fill(&cross_in);
	cross_in.si = (uint64_t)sys_call(SYS_MMAP, 0, 4096, 3, 0x22, -1, 0);
	cross_in.flags = 0xcd5 | DF | NT | AC | ID | IF | FIXED;
	check_cleared(EB_PLACE_TRAP_C, cross_by_touch, 0);
	EXPECT_EQUAL(caught[0].regs.si, has("entry=fred") ? 0 : VECTOR_PF, "rsi");
}

/* What is in force during a system call. */
static void test_inside(void)
{
	enum { WP = 1 << 16, SMEP = 1 << 20, SMAP = 1 << 21 };
	struct eb_state state = {0};

	EXPECT_EQUAL(audit(EB_AUDIT_STATE, (uint64_t)&state, 0, 0), 0, "eb_audit");
	EXPECT_EQUAL(state.gs_base, state.percpu, "GS base in the kernel");
	EXPECT_EQUAL(state.cr3 & ~0x8000000000000fffull, state.kernel_root, "CR3 in the kernel");
	EXPECT_EQUAL(state.cr3 & 0xfff, has("kpti=pcid"), "PCID in the kernel");
	EXPECT((state.user_root == state.kernel_root) == has("kpti=off"), "table of ring 3 at %lx",
	       state.user_root);
	EXPECT(state.sp > state.stack_bottom && state.sp < state.stack_top,
	       "rsp %lx is not on the stack", state.sp);
	EXPECT((state.flags & (TF | DF | NT | AC)) == 0, "rflags in the kernel are %lx",
	       state.flags);
	EXPECT(state.flags & IF, "interrupts are off in the kernel");
	EXPECT(state.cr0 & WP, "CR0.WP is off");
	EXPECT((state.cr4 & SMEP) && (state.cr4 & SMAP), "CR4 is %lx", state.cr4);
	EXPECT_EQUAL(state.cs, 0x10, "cs");
	EXPECT(state.ss == 0x18, "ss is %lx", (uint64_t)state.ss);
	EXPECT_EQUAL(state.regs.cs, USER_CODE, "saved cs");
	EXPECT_EQUAL(state.regs.ss, USER_DATA, "saved ss");
}

static const char *without_clearing(void)
{
	return has("clear=off") ? "nothing is cleared" : NULL;
}

static void write_gs_base(void)
{
	__asm__ volatile("wrgsbase %0" : : "r"(pattern(0) & INT64_MAX >> 17));
}

/*
 * What paranoid=rdmsr rests on: no GS base of ring 3's looks like the kernel's. Segments have bases
 * of 32 bits.
 */
static void test_negative_bases(void)
{
	static const uint64_t bases[] = {1ull << 47, 0xffffc90000001000, (uint64_t)-1};
	static const int ops[] = {0x1001, 0x1002}; /* ARCH_SET_GS, ARCH_SET_FS */
	enum { EPERM = 1 };

	for (unsigned i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
		for (unsigned op = 0; op < 2; op++)
			EXPECT(sys_call(SYS_ARCH_PRCTL, ops[op], (long)bases[i], 0, 0, 0, 0) ==
				   -EPERM,
			       "arch_prctl takes the base %lx", bases[i]);
	if (has("paranoid=fsgsbase")) {
		EXPECT(!catch_in(write_gs_base), "WRGSBASE trapped");
		return;
	}
	EXPECT(catch_in(write_gs_base), "WRGSBASE did not trap");
	EXPECT_EQUAL(caught[caught_count - 1].vector, VECTOR_UD, "vector");
}

/* L'Ecuyer's generator, written otherwise than in the core: what a word is after one step. */
static uint32_t next_word(uint32_t word, int left, int right, int over, int low_bits)
{
	uint32_t kept = word >> low_bits << low_bits;

	return kept << over ^ (word ^ word << left) >> right;
}

static void check_generator(const uint32_t before[4], const uint32_t after[4])
{
	EXPECT_EQUAL(after[0], next_word(before[0], 6, 13, 18, 1), "word 0");
	EXPECT_EQUAL(after[1], next_word(before[1], 2, 27, 2, 3), "word 1");
	EXPECT_EQUAL(after[2], next_word(before[2], 13, 21, 7, 4), "word 2");
	EXPECT_EQUAL(after[3], next_word(before[3], 3, 12, 13, 7), "word 3");
	EXPECT(after[0] > 1 && after[1] > 7 && after[2] > 15 && after[3] > 127, "a word is stuck");
}

static uint64_t offset_of(const struct eb_state *state)
{
	const uint32_t *random = state->kstack_random;

	return (random[0] ^ random[1] ^ random[2] ^ random[3]) & stack_gap();
}

/*
 * Of 64 calls most have their frames elsewhere than the one before, each as far down as its random
 * words say.
 */
static void test_stack_offset(void)
{
	static struct eb_state states[64];
	int moves = 0;

	for (int i = 0; i < 64; i++) {
		struct eb_state *state = &states[i];

		audit(EB_AUDIT_STATE, (uint64_t)state, 0, 0);
		EXPECT(state->sp % 8 == 0 && state->stack_top - state->sp < 2048, "rsp %lx of %lx",
		       state->sp, state->stack_top);
		EXPECT_EQUAL(state->sp + offset_of(state), states[0].sp + offset_of(&states[0]),
			     "rsp without the offset");
		if (!i)
			continue;
		moves += state->sp != state[-1].sp;
		if (has("kstack_offset=on"))
			check_generator(state[-1].kstack_random, state->kstack_random);
	}
	if (stack_gap())
		EXPECT(moves > 32, "the stack moved %d times in 63", moves);
	else
		EXPECT_EQUAL(moves, 0, "moves of the stack");
}

static const char *no_barrier(void)
{
	return has("vmscape=on") ? NULL : "no barrier after a guest";
}

/* The way out by SYSRET, and by IRET. */
static void test_guest_seen_to(void)
{
	static struct eb_state state;

	EXPECT_EQUAL(audit(EB_AUDIT_GUEST, 0, 0, 0), 0, "eb_audit");
	audit(EB_AUDIT_STATE, (uint64_t)&state, 0, 0);
	EXPECT_EQUAL(state.guest_ran, 0, "after SYSRET: a guest has run");
	long result = EB_AUDIT_NUMBER;
	__asm__ volatile("int $0x80" : "+a"(result) : "b"(EB_AUDIT_GUEST) : "memory");
	EXPECT_EQUAL(result, 0, "eb_audit by INT 0x80");
	audit(EB_AUDIT_STATE, (uint64_t)&state, 0, 0);
	EXPECT_EQUAL(state.guest_ran, 0, "after IRET: a guest has run");
}

static const struct test tests[] = {
    {"all but rax survive SYSCALL, and without FRED rcx = rip, r11 = rflags", test_syscall, NULL},
    {"rflags survive SYSCALL", test_syscall_flags, NULL},
    {"all survive a page fault", test_page_fault, NULL},
    {"all survive an exception", test_exception, NULL},
    {"segment registers survive", test_segments, NULL},
    {"FS and GS bases survive", test_bases, NULL},
    {"SSE registers survive", test_vectors, NULL},
    {"ring 3's values are gone from registers in C after SYSCALL", test_cleared_syscall,
     without_clearing},
    {"ring 3's values are gone from registers in C after an exception", test_cleared_trap, NULL},
    {"ring 3 can set no negative base that the entries do not expect", test_negative_bases, NULL},
    {"stack, GS, CR0, CR3, CR4, rflags inside", test_inside, NULL},
    {"the kernel stack moves from call to call, or does not", test_stack_offset, NULL},
    {"a barrier after a guest has run", test_guest_seen_to, no_barrier},
};

const struct program program = {"registers", tests, sizeof(tests) / sizeof(tests[0]), true};
