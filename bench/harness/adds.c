/*
 * Adds that wait for each other and adds that do not: see adds.h. The host tool times them too.
 */
#include <entrybench/record.h>

#include "adds.h"

#define EIGHT_ADDS                                                                                 \
	"\tadd %rdi, %rax\n"                                                                       \
	"\tadd %rdi, %rcx\n"                                                                       \
	"\tadd %rdi, %rdx\n"                                                                       \
	"\tadd %rdi, %rsi\n"                                                                       \
	"\tadd %rdi, %r8\n"                                                                        \
	"\tadd %rdi, %r9\n"                                                                        \
	"\tadd %rdi, %r10\n"                                                                       \
	"\tadd %rdi, %r11\n"

/* clang-format off */
TIMED_LOOP("dependent_adds", NOTHING,
	"\t.rept " TEXT_OF(EB_ADDS) "\n"
	"\tadd %rdi, %rax\n"
	"\t.endr");
TIMED_LOOP("independent_adds", NOTHING,
	"\t.rept " TEXT_OF(EB_ADDS) " / 8\n"
	EIGHT_ADDS
	"\t.endr");
