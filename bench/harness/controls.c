/*
 * What every program times beside its crossing: nothing, an empty loop and a function call; and the
 * clock itself.
 */
#include "controls.h"

TIMED_ONCE("control_empty_window", NOTHING, NOTHING);
TIMED_ONCE("control_nop_window", NOTHING, "nop");
TIMED_LOOP("control_empty_loop", NOTHING, NOTHING);
TIMED_LOOP("control_function_call", NOTHING, "call empty_function");

__asm__("	.pushsection timed_text, \"ax\", @progbits\n"
	"	.p2align 6\n"
	"	.type empty_function, @function\n"
	"empty_function:\n"
	"	ret\n"
	"	.size empty_function, . - empty_function\n"
	"	.popsection\n");

enum { PROBES = 256 };

static int64_t common_divisor(int64_t a, int64_t b)
{
	while (b != 0) {
		int64_t rest = a % b;
		a = b;
		b = rest;
	}
	return a < 0 ? -a : a;
}

struct clock_facts clock_probe(void)
{
	struct clock_facts facts = {.step = 0, .min = INT64_MAX, .backwards = 0};
	uint64_t last = clock_now();

	for (int i = 0; i < PROBES; i++) {
		int64_t empty = (int64_t)control_empty_window(0, 0);
		int64_t nop = (int64_t)control_nop_window(0, 0);
		uint64_t now = clock_now();

		/* A nop makes the difference odd and even where a tick is one instruction. */
		facts.step = common_divisor(facts.step, empty);
		facts.step = common_divisor(facts.step, nop);
		facts.step = common_divisor(facts.step, (int64_t)(now - last));
		if (empty < facts.min)
			facts.min = empty;
		facts.backwards += (empty < 0) + (nop < 0) + (now < last);
		last = now;
	}
	return facts;
}
