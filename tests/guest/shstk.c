/*
 * Shadow stacks: RET goes where CALL came from, or it is a signal; on every way in and out, through
 * signals and out of them. And what arch_prctl says about them.
 */
#include "mechanism_check.h"
#include "shstk_cross.h"

#include "harness/probe.h"

#define TOKEN (1ull << 63)

static long process, thread; /* this one, for tgkill */

static void test_none(void)
{
	long want = has("shstk=on") ? -EOPNOTSUPP : -EINVAL;

	EXPECT_EQUAL(shadow_stack_feature(ARCH_SHSTK_ENABLE, SHSTK_ON), want, "enable");
	EXPECT_EQUAL(map_shadow_stack(0, PAGE, 0), has("shstk=on") ? -EOPNOTSUPP : -ENOSYS,
		     "map_shadow_stack");
}

static void test_features(void)
{
	EXPECT_EQUAL(shadow_stack_features(), SHSTK_ON, "features");
	EXPECT_EQUAL(shadow_stack_feature(ARCH_SHSTK_STATUS, 0x1000), -EFAULT, "status to nowhere");
	EXPECT_EQUAL(shadow_stack_feature(ARCH_SHSTK_ENABLE, SHSTK_ON), 0, "enable once more");
	EXPECT_EQUAL(shadow_stack_feature(ARCH_SHSTK_UNLOCK, SHSTK_ON), 0, "unlock");
	EXPECT_EQUAL(shadow_stack_feature(ARCH_SHSTK_ENABLE, 0), -EINVAL, "enable nothing");
	EXPECT_EQUAL(shadow_stack_feature(ARCH_SHSTK_ENABLE, 3), -EINVAL, "enable two");
	EXPECT_EQUAL(shadow_stack_feature(ARCH_SHSTK_DISABLE, 4), -EINVAL, "disable an unknown");
	EXPECT_EQUAL(shadow_stack_feature(ARCH_SHSTK_STATUS + 1, 1), -EINVAL, "unknown request");
}

static void test_wrss(void)
{
	uint64_t place = (uint64_t)map_shadow_stack(0, PAGE, 0);

	faults_handled();
	EXPECT_EQUAL(try_wrss(place, 1), 1, "WRSS");
	EXPECT_EQUAL(fault.signal, SIGNAL_ILL, "signal of WRSS that is not enabled");
	EXPECT_EQUAL(shadow_stack_feature(ARCH_SHSTK_ENABLE, SHSTK_WRSS), 0, "enable WRSS");
	EXPECT_EQUAL(shadow_stack_features(), SHSTK_ON | SHSTK_WRSS, "features");
	EXPECT_EQUAL(try_wrss(place, 0x1234), 0, "WRSS");
	EXPECT_EQUAL(*(volatile uint64_t *)place, 0x1234, "what WRSS has written");
	EXPECT_EQUAL(shadow_stack_feature(ARCH_SHSTK_DISABLE, SHSTK_WRSS), 0, "disable WRSS");
	EXPECT_EQUAL(shadow_stack_features(), SHSTK_ON, "features");
	EXPECT_EQUAL(try_wrss(place, 1), 1, "WRSS");
}

/* What the handler's shadow stack holds: where it returns to, and the interrupted pointer. */
static inline __attribute__((always_inline)) uint64_t *frame_of_handler(void)
{
	return (uint64_t *)shadow_stack_pointer();
}

static void mend_return(int signal, void *info, struct signal_context *context)
{
	uint64_t *frame = frame_of_handler();

	(void)signal;
	fault.code = ((int *)info)[2];
	fault.address = ((uint64_t *)info)[2];
	fault.trap = context->trap;
	fault.error = context->error;
	if (++fault_count > 1)
		sys_exit(1);
	*(uint64_t *)context->rsp = *(uint64_t *)(frame[1] & ~TOKEN);
}

static void elsewhere(void)
{
	wrong("RET went where the stack says");
	sys_exit(1);
}

static void test_return(void)
{
	uint64_t before = shadow_stack_pointer();

	fault_count = 0;
	signal_handle(SIGNAL_SEGV, mend_return);
	return_to((uint64_t)elsewhere);
	fault.signal = SIGNAL_SEGV;
	expect_fault(SEGV_CPERR, VECTOR_CP, CP_NEAR_RET, 0, "RET");
	EXPECT_EQUAL(shadow_stack_pointer(), before, "the pointer afterwards");
}

static void test_32bit(void)
{
	faults_handled();
	EXPECT_EQUAL(try_32bit(0, 0), 1, "a jump to 32-bit code");
	expect_fault(SI_KERNEL, VECTOR_GP, 0, 0, "a jump to 32-bit code");
}

/* ---- ways in and out ---- */

static void by_system_call(void)
{
	sys_call(SYS_GETPPID, 0, 0, 0, 0, 0, 0);
}

static void test_ways(void)
{
	static const struct {
		const char *name;
		void (*cross)(void);
	} ways[] = {
	    {"SYSCALL", by_system_call},
	    {"INT 0x80", cross_by_int80},
	    {"INT3", cross_by_int3},
	    {"page fault", cross_by_touch},
	    {"interrupt gate", cross_by_interrupt_gate},
	    {"call gate", cross_by_call_gate},
	};
	static uint8_t page[2 * PAGE];

	eb_mechanism(EB_MECHANISM_FIXUP, VECTOR_BP, 0);
	eb_mechanism(EB_MECHANISM_GATES, 1, 0);
	for (unsigned i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		uint64_t before = shadow_stack_pointer();
		if (ways[i].cross == cross_by_call_gate && has("entry=fred"))
			continue; /* FRED has none */
		prepare(SYS_INT80_GETPPID);
		cross_in.si = (uint64_t)page + PAGE;
		ways[i].cross();
		EXPECT_EQUAL(shadow_stack_pointer(), before, ways[i].name);
	}
	eb_mechanism(EB_MECHANISM_GATES, 0, 0);
}

/* ---- signals ---- */

static unsigned depth, wanted_depth;
static uint64_t interrupted[4];
void signal_restorer(void);

static void nested(int signal, void *info, struct signal_context *context)
{
	uint64_t *frame = frame_of_handler();

	(void)info;
	(void)context;
	EXPECT_EQUAL(frame[0], signal_restorer, "where the handler returns to");
	EXPECT_EQUAL(frame[1], (uint64_t)(frame + 2) | TOKEN, "the interrupted pointer");
	interrupted[depth++] = frame[1];
	if (depth < wanted_depth)
		sys_call(SYS_TGKILL, process, thread, signal + (int)depth, 0, 0, 0);
}

static void test_signals(void)
{
	uint64_t before = shadow_stack_pointer();

	process = sys_call(SYS_GETPID, 0, 0, 0, 0, 0, 0);
	thread = sys_call(SYS_GETTID, 0, 0, 0, 0, 0, 0);
	for (int i = 0; i < 4; i++)
		signal_handle(SIGNAL_USR1 + i, nested);
	for (wanted_depth = 1; wanted_depth <= 3; wanted_depth++) {
		depth = 0;
		sys_call(SYS_TGKILL, process, thread, SIGNAL_USR1, 0, 0, 0);
		EXPECT_EQUAL(depth, wanted_depth, "handlers");
		EXPECT_EQUAL(shadow_stack_pointer(), before, "the pointer afterwards");
		for (unsigned i = 1; i < depth; i++)
			EXPECT(interrupted[i] < interrupted[i - 1], "handler %d is not below",
			       (int)i);
	}
}

static __attribute__((noinline)) void undefined(unsigned calls)
{
	if (calls)
		undefined(calls - 1);
	else
		__asm__ volatile("ud2");
	__asm__ volatile("");
}

static uint64_t window(uint64_t rounds, void *context)
{
	(void)context;
	undefined((unsigned)rounds + 5);
	return 0;
}

static void test_jump_out(void)
{
	uint64_t before = shadow_stack_pointer();

	EXPECT_EQUAL(probe_window((window_fn *)window, NULL), PROBE_FAULTS, "the window");
	EXPECT_EQUAL(shadow_stack_pointer(), before, "the pointer afterwards");
}

static struct signal_context made = {
    .flags = CONTEXT_FLAGS,
    .stack_flags = STACK_DISABLED,
    .rflags = IF | FIXED,
    .cs = USER_CODE,
    .ss = USER_DATA,
};

static void expect_refused(const char *what)
{
	EXPECT(fault_count == 1 && fault.signal == SIGNAL_SEGV && fault.code == SI_KERNEL,
	       "%s: %d faults, the last with signal %d and code %d", what, (int)fault_count,
	       fault.signal, fault.code);
	fault_count = 0;
}

/* Behind the end of a shadow stack ring 3 can put what it likes. */
static void test_sigreturn(void)
{
	enum { MAP_FIXED_PRIVATE = 0x32, READ_WRITE = 3 };
	uint64_t stack = (uint64_t)map_shadow_stack(0, PAGE, SET_TOKEN), end = stack + PAGE;

	faults_handled();
	sigreturn_from(&made);
	expect_refused("no signal");
	sys_call(SYS_MMAP, (long)end, PAGE, READ_WRITE, MAP_FIXED_PRIVATE, -1, 0);
	*(volatile uint64_t *)end = end | TOKEN;
	sigreturn_off_end(&made, end - WORD);
	expect_refused("a token in other memory");
}

static uint64_t (*token_for)(uint64_t token);

static void tamper(int signal, void *info, struct signal_context *context)
{
	uint64_t *frame = frame_of_handler();

	(void)signal;
	(void)info;
	(void)context;
	try_wrss((uint64_t)&frame[1], token_for(frame[1]));
}

static uint64_t as_it_was(uint64_t token)
{
	return token;
}

static uint64_t no_token(uint64_t token)
{
	return token & ~TOKEN;
}

static uint64_t not_aligned(uint64_t token)
{
	return token | 4;
}

static uint64_t in_the_kernel(uint64_t token)
{
	(void)token;
	return 0x0000800000000000 | TOKEN;
}

static void test_tokens(void)
{
	static uint64_t (*const ways[])(uint64_t) = {as_it_was, no_token, not_aligned,
						     in_the_kernel};

	faults_handled();
	signal_handle(SIGNAL_USR1, tamper);
	shadow_stack_feature(ARCH_SHSTK_ENABLE, SHSTK_WRSS);
	for (unsigned i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		fault_count = 0;
		token_for = ways[i];
		uint64_t lower = raise_and_mend(process, thread, SIGNAL_USR1);
		EXPECT(fault_count == !!i && lower == !!i, "token %d: %d faults, %d words left",
		       (int)i, (int)fault_count, (int)lower);
	}
	shadow_stack_feature(ARCH_SHSTK_DISABLE, SHSTK_WRSS);
}

static const struct test tests[] = {
    {"a kernel without shadow stacks, or a CPU, says so", test_none, shadow_stacks},
    {"features are told, and wrong ones refused", test_features, no_shadow_stack},
    {"WRSS is for who asks for it", test_wrss, no_shadow_stack},
    {"RET to elsewhere is #CP and a signal that says so", test_return, no_shadow_stack},
    {"32-bit code is refused", test_32bit, no_shadow_stack},
    {"every way in and out keeps the pointer", test_ways, no_shadow_stack},
    {"signals, nested ones too, come and go", test_signals, no_shadow_stack},
    {"a handler may jump out", test_jump_out, no_shadow_stack},
    {"rt_sigreturn without a signal is refused", test_sigreturn, no_shadow_stack},
    {"rt_sigreturn refuses tokens that are none", test_tokens, no_shadow_stack},
};

const struct program program = {"shstk", tests, sizeof(tests) / sizeof(tests[0]), true};
