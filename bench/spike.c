/*
 * spike:K: getppid and K dependent adds, a known amount of work put into the timed path: does the
 * method find it?
 *
 * The adds stand between two fences, before some more that run in any case and hide the jump to the
 * first of them. `reference` is the same code with K = 0, interleaved: D(crossing) - D(reference)
 * is K core cycles, or K instructions where a tick is one. `adds` is a loop of 64 such adds and
 * nothing else: its D over 64 says how many ticks a core cycle has.
 */
#include "harness/bench.h"

#define SPIKE_MAX 64
#define ANYWAY	  16
#define ADD_BYTES 3

#define ADDS                                                                                       \
	"77:\t.rept " TEXT_OF(                                                                     \
	    SPIKE_MAX) "\n"                                                                        \
		       "\tadd %r10, %r9\n"                                                         \
		       "\t.endr\n"                                                                 \
		       "\t.if . - 77b != " TEXT_OF(SPIKE_MAX) " * " TEXT_OF(                       \
			   ADD_BYTES) "\n"                                                         \
				      "\t.error \"an add is not as long as ADD_BYTES says\"\n"     \
				      "\t.endif\n"

/*
 * R8 is where to jump into the adds: K of them before those that run anyway. A system call leaves
 * R8 and R9 as they are.
 */
TIMED(getppid_spike, "lea 78f(%rip), %r8\n\tsub (%rbx), %r8", "mov $" TEXT_OF(SYS_GETPPID) ", %eax",
      "syscall\n"
      "\tlfence\n"
      "\tjmp *%r8\n" ADDS,
      "78:\t.rept " TEXT_OF(ANYWAY) "\n"
				    "\tadd %r10, %r9\n"
				    "\t.endr\n"
				    "\tlfence");

TIMED_LOOP("adds", NOTHING, ADDS);
extern window_fn adds;

static struct verdict setup(struct run *run)
{
	static uint64_t spike_bytes, no_bytes;

	spike_bytes = run->options->value * ADD_BYTES;
	run->context = &spike_bytes;
	bench_also_time(run, "reference", run->loops->crossing, &no_bytes);
	bench_also_time(run, "adds", adds, NULL);
	return bench_ok();
}

static struct verdict check(struct run *run, uint64_t result)
{
	(void)run;
	return bench_judge_getppid(result);
}

const struct benchmark benchmark = {
    .name = "spike",
    .param_min = 1,
    .param_max = SPIKE_MAX,
    .loops = &getppid_spike,
    .setup = setup,
    .check = check,
};
