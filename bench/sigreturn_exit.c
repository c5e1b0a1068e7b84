/*
 * sigreturn_exit:CASE: rt_sigreturn from a frame made by hand, which Linux leaves by SYSRET or by
 * IRET as the frame says.
 *
 *	sysret		RCX = RIP and R11 = RFLAGS in the frame, as SYSRET would leave them
 *	iret-rcx	only RCX differs
 *	iret-r11	only R11 differs
 *
 * The cases share their code and differ in one word of data. Each times `sysret` along with itself,
 * interleaved, as `reference`: D(crossing) - D(reference) is IRET's surplus. The frame has no FPU
 * state: nothing is restored but general registers. SYSRET takes RIP from RCX, so that iret-rcx
 * comes back at all shows that it left by IRET.
 */
#include "harness/bench.h"
#include "harness/shadow_stack.h"
#include "harness/signal_frame.h"

#define RFLAGS 0x202 /* the bit that is always set, and IF */

enum { RESULT = 0x5175e7 };

/*
 * A frame, and what lies below it while RSP points to it. Each on a page of its own: where the
 * frame lies in its cache lines decides how well the kernel's reads get on with the stores of the
 * setup, so it must lie alike in all.
 */
struct frame {
	struct signal_context *at;
	uint64_t rcx_more; /* RCX = RIP + this */
	char below[1024];
	struct signal_context context;
} __attribute__((aligned(4096)));

/* One instruction a line. */
/* clang-format off */
#define STORE(from, slot) "	mov %" #from ", " TEXT_OF(CONTEXT_##slot) "(%rsp)\n"

/*
 * The frame is reached by RSP. What only exists now, or changes from round to round, is put in
 * here.
 */
#define ENTER							\
	"	mov (%rbx), %rsp\n"				\
	"	lea 77f(%rip), %rax\n"				\
	STORE(rax, RIP)						\
	"	add 8(%rbx), %rax\n"				\
	STORE(rax, RCX)						\
	STORE(rbp, RBP)						\
	STORE(rbx, RBX)						\
	STORE(rsp, RSP)

#define SETUP							\
	STORE(r12, R12)						\
	STORE(r14, R14)						\
	STORE(r15, R15)						\
	"	mov $" TEXT_OF(SYS_RT_SIGRETURN) ", %eax"
/* clang-format on */

TIMED(leave_sigreturn, ENTER, SETUP, "syscall", "77:");

enum { BY_SYSRET, BY_IRET_RCX, BY_IRET_R11 };

static const struct bench_param params[] = {
    {.text = "sysret", .value = BY_SYSRET},
    {.text = "iret-rcx", .value = BY_IRET_RCX},
    {.text = "iret-r11", .value = BY_IRET_R11},
};

static void fill(struct frame *frame, uint64_t way)
{
	uint16_t cs, ss;

	__asm__("mov %%cs, %0\n\tmov %%ss, %1" : "=r"(cs), "=r"(ss));
	frame->at = &frame->context;
	frame->rcx_more = way == BY_IRET_RCX;
	frame->context = (struct signal_context){
	    .flags = CONTEXT_FLAGS,
	    .stack_flags = STACK_DISABLED,
	    .rax = RESULT,
	    .r11 = RFLAGS ^ (way == BY_IRET_R11),
	    .rflags = RFLAGS,
	    .cs = cs,
	    .ss = ss,
	};
}

static struct verdict setup(struct run *run)
{
	static struct frame timed, reference;

	if (!sys_reaches_kernel())
		return bench_unsupported("SYSCALL reaches no kernel here");
	if (signal_handle(SIGNAL_USR1, SIGNAL_DEFAULT) < 0)
		return bench_unsupported("this kernel has no signals");
	shadow_stack_end(); /* it would refuse a frame that no signal has made */
	fill(&timed, run->options->value);
	fill(&reference, BY_SYSRET);
	run->context = &timed;
	bench_also_time(run, "reference", run->loops->crossing, &reference);
	return bench_ok();
}

static struct verdict check(struct run *run, uint64_t result)
{
	(void)run;
	return result == RESULT ? bench_ok()
				: bench_failed_with("RAX is not the frame's but", (int64_t)result);
}

const struct benchmark benchmark = {
    .name = "sigreturn_exit",
    .params = params,
    .param_count = sizeof(params) / sizeof(params[0]),
    .loops = &leave_sigreturn,
    .setup = setup,
    .check = check,
};
