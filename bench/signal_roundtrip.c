/*
 * signal_roundtrip:KIND: from the instruction that raises a signal, through an empty handler and
 * rt_sigreturn, back to the next instruction. `tgkill`: the program sends it to itself. `int3`: a
 * breakpoint exception becomes one. `segv`: a page fault does, and the handler lets the program go
 * on behind the load.
 */
#include "harness/bench.h"
#include "harness/signal_frame.h"

static struct {
	uint64_t process, thread;
} self;

TIMED(raise_tgkill, "mov (%rbx), %rdi\n	mov 8(%rbx), %rsi",
      "mov $" TEXT_OF(SIGNAL_USR1) ", %edx\n	mov $" TEXT_OF(SYS_TGKILL) ", %eax", "syscall",
      NOTHING);
TIMED(raise_int3, NOTHING, "xor %eax, %eax", "int3", NOTHING);

/* Of LOAD_BYTES; an address where nothing is ever mapped. */
#define LOAD_BYTES 2
TIMED(raise_segv, NOTHING, "xor %eax, %eax", "mov (%rax), %eax", NOTHING);

static const struct bench_param params[] = {
    {.text = "tgkill", .loops = &raise_tgkill, .value = SIGNAL_USR1},
    {.text = "int3", .loops = &raise_int3, .value = SIGNAL_TRAP},
    {.text = "segv", .loops = &raise_segv, .value = SIGNAL_SEGV},
};

/*
 * The handlers: count, for check(), and return; the second one to behind the load. RDX is the
 * context.
 */
uint64_t signals_handled;
signal_handler count_signal, count_and_skip;
__asm__("	.pushsection .text\n"
	"	.p2align 6\n"
	"	.globl count_signal\n"
	"	.type count_signal, @function\n"
	"count_signal:\n"
	"	incq signals_handled(%rip)\n"
	"	ret\n"
	"	.size count_signal, . - count_signal\n"
	"	.p2align 6\n"
	"	.globl count_and_skip\n"
	"	.type count_and_skip, @function\n"
	"count_and_skip:\n"
	"	incq signals_handled(%rip)\n"
	"	addq $" TEXT_OF(LOAD_BYTES) ", " TEXT_OF(
	    CONTEXT_RIP) "(%rdx)\n"
			 "	ret\n"
			 "	.size count_and_skip, . - count_and_skip\n"
			 "	.popsection\n");

static struct verdict setup(struct run *run)
{
	enum { ROUNDS = 3 };
	int signal = (int)run->options->value;

	if (signal_handle(signal, signal == SIGNAL_SEGV ? count_and_skip : count_signal) < 0)
		return bench_unsupported("this kernel has no signal handlers");
	self.process = (uint64_t)sys_call(SYS_GETPID, 0, 0, 0, 0, 0, 0);
	self.thread = (uint64_t)sys_call(SYS_GETTID, 0, 0, 0, 0, 0, 0);
	run->context = &self;
	run->loops->crossing(ROUNDS, run->context);
	return signals_handled == ROUNDS
		   ? bench_ok()
		   : bench_failed_with("the handler should have run 3 times, not",
				       (int64_t)signals_handled);
}

static struct verdict check(struct run *run, uint64_t result)
{
	uint64_t before = signals_handled;

	if (result != 0)
		return bench_failed_with("tgkill returned", (int64_t)result);
	run->loops->crossing(1, run->context);
	return signals_handled == before + 1 ? bench_ok()
					     : bench_failed("the signal handler did not run");
}

const struct benchmark benchmark = {
    .name = "signal_roundtrip",
    .params = params,
    .param_count = sizeof(params) / sizeof(params[0]),
    .setup = setup,
    .check = check,
};
