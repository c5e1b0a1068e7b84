/*
 * Adds that wait for each other and adds that do not: see adds.h. The host tool times them too.
 */
#include <entrybench/record.h>

#include "adds.h"

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
