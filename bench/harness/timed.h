/*
 * TIMED() turns a crossing into timed windows: the benchmark, its nop twin and the bare loop come
 * from one text.
 *
 * TIMED(name, enter, setup, cross, after) takes assembly text and makes a `struct loops name` of
 * four functions:
 *
 *	crossing	enter; clock; n times { setup; crossing; after }; clock
 *	twin		the same, with the crossing replaced by as few nops as fill its bytes
 *	bare		the same without the crossing
 *	once		enter; clock; setup; crossing; after; clock: a single-shot window
 *
 * They differ in nothing else: same registers, same alignment of the loop, same instructions around
 * it. Each is an assembly function of its own, so the compiler has no say in what is timed.
 *
 * Registers in the text. RBX is the benchmark's context pointer, and R13 gets RAX of each crossing
 * (which the benchmark's check() looks at). A crossing must preserve RBP, RBX, R12, R14 and R15;
 * every other register is free, and the function saves what its C caller wants kept. RSP is 16-byte
 * aligned at the first setup; `enter` may move it, the way out restores it from RBP. Local labels
 * are numeric. A crossing must have the same length wherever it stands (no branch to a far label).
 */
#ifndef BENCH_TIMED_H
#define BENCH_TIMED_H

#include <stdint.h>

#include "clock.h"

/* Ticks from the first clock reading to the second, round `crossings` rounds of a loop. */
typedef uint64_t window_fn(uint64_t crossings, void *context);

struct loops {
	window_fn *crossing, *twin, *bare, *once;
};

/* RAX of the last crossing of the last window. */
extern uint64_t timed_result;

/*
 * All timed text refers to nothing outside of itself by distance, so that a copy of it runs
 * elsewhere (placement.h).
 */
#ifdef __PIE__
#define TIMED_RESULT "timed_result(%rip)" /* in the host tool, which copies none */
#else
#define TIMED_RESULT "timed_result"
#endif

#define NOTHING ""

/* clang-format off */
#define TIMED_HEAD(symbol, enter)					\
	"\t.pushsection timed_text, \"ax\", @progbits\n"		\
	"\t.p2align 6\n"						\
	"\t.globl " symbol "\n"						\
	"\t.type " symbol ", @function\n"				\
	symbol ":\n"							\
	"\tpush %rbx\n"							\
	"\tpush %rbp\n"							\
	"\tpush %r12\n"							\
	"\tpush %r13\n"							\
	"\tpush %r14\n"							\
	"\tpush %r15\n"							\
	"\tmov %rsp, %rbp\n"						\
	"\tsub $8, %rsp\n"						\
	"\tmov %rdi, %r12\n"						\
	"\tmov %rsi, %rbx\n"						\
	enter "\n"							\
	CLOCK_READ							\
	"\tmov %rax, %r14\n"						\
	"\tmov %rdx, %r15\n"

#define TIMED_TAIL(symbol)						\
	CLOCK_READ							\
	"\tmov %rbp, %rsp\n"						\
	"\tmov %r13, " TIMED_RESULT "\n"				\
	"\tshl $32, %rdx\n"						\
	"\tor %rdx, %rax\n"						\
	"\tshl $32, %r15\n"						\
	"\tor %r15, %r14\n"						\
	"\tsub %r14, %rax\n"						\
	"\tpop %r15\n"							\
	"\tpop %r14\n"							\
	"\tpop %r13\n"							\
	"\tpop %r12\n"							\
	"\tpop %rbp\n"							\
	"\tpop %rbx\n"							\
	"\tret\n"							\
	"\t.size " symbol ", . - " symbol "\n"				\
	"\t.popsection\n"

/* The body carries a symbol with its length, for the test that compares the three. */
#define TIMED_BODY(symbol, body)					\
	"\t.type " symbol ".body, @notype\n"				\
	symbol ".body:\n"						\
	body "\n"							\
	"\tmov %rax, %r13\n"						\
	"\t.size " symbol ".body, . - " symbol ".body\n"

/* A window around a loop. */
#define TIMED_LOOP(symbol, enter, body)					\
	__asm__(TIMED_HEAD(symbol, enter)				\
		"\t.p2align 6\n"					\
		TIMED_BODY(symbol, body)				\
		"\tdec %r12\n"						\
		"\tjnz " symbol ".body\n"				\
		TIMED_TAIL(symbol))

/* A window around one pass. */
#define TIMED_ONCE(symbol, enter, body)					\
	__asm__(TIMED_HEAD(symbol, enter) TIMED_BODY(symbol, body) TIMED_TAIL(symbol))

/* Nops of the length of `text`, which is assembled into a section that no linker keeps. */
#define TIMED_NOPS(text)						\
	"\t.pushsection .crossing, \"e\", @progbits\n"			\
	"770:\t" text "\n"						\
	"771:\t.popsection\n"						\
	"\t.nops 771b - 770b, 9\n"
/* clang-format on */

#define TIMED(name, enter, setup, cross, after)                                                    \
	TIMED_LOOP(#name ".crossing", enter, setup "\n" cross "\n" after);                         \
	TIMED_LOOP(#name ".twin", enter, setup "\n" TIMED_NOPS(cross) "\n" after);                 \
	TIMED_LOOP(#name ".bare", enter, setup "\n" after);                                        \
	TIMED_ONCE(#name ".once", enter, setup "\n" cross "\n" after);                             \
	extern window_fn name##_crossing __asm__(#name ".crossing");                               \
	extern window_fn name##_twin __asm__(#name ".twin");                                       \
	extern window_fn name##_bare __asm__(#name ".bare");                                       \
	extern window_fn name##_once __asm__(#name ".once");                                       \
	static const struct loops name = {                                                         \
	    .crossing = name##_crossing,                                                           \
	    .twin = name##_twin,                                                                   \
	    .bare = name##_bare,                                                                   \
	    .once = name##_once,                                                                   \
	}

/* A number of sys.h as assembly text. */
#define TEXT_OF(number)		 TEXT_OF_EXPANDED(number)
#define TEXT_OF_EXPANDED(number) #number

#endif
