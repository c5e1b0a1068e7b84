/*
 * What the core did while the crossings were timed: see core_clock.h.
 */
#include <entrybench/record.h>

#include "core_clock.h"

#define EIGHT_ADDS                                                                                 \
	"	add %rdi, %rax\n"                                                                        \
	"	add %rdi, %rcx\n"                                                                        \
	"	add %rdi, %rdx\n"                                                                        \
	"	add %rdi, %rsi\n"                                                                        \
	"	add %rdi, %r8\n"                                                                         \
	"	add %rdi, %r9\n"                                                                         \
	"	add %rdi, %r10\n"                                                                        \
	"	add %rdi, %r11\n"

TIMED_LOOP("dependent_adds", NOTHING,
	   "	.rept " TEXT_OF(EB_ADDS) "\n"
					 "	add %rdi, %rax\n"
					 "	.endr");
TIMED_LOOP("independent_adds", NOTHING,
	   "	.rept " TEXT_OF(EB_ADDS) " / 8\n" EIGHT_ADDS "	.endr");
extern window_fn dependent_adds, independent_adds;

void core_clock_time(struct run *run)
{
	bench_also_time(run, "dependent_adds", dependent_adds, NULL);
	bench_also_time(run, "independent_adds", independent_adds, NULL);
}
