/*
 * The macro that turns a crossing into timed windows: benchmark, nop twin and bare loop from one
 *text.
 *
 * TIMED(name, enter, setup, cross, after) takes assembly text and makes a `struct loops name` of
 *four functions:
 *
 *	crossing	enter; clock; n times { setup; crossing; after }; clock
 *	twin		the same, the crossing replaced by as few nops as have its length in bytes
 *	bare		the same without the crossing
 *	once		enter; clock; setup; crossing; after; clock: a single-shot window
 *
 * They differ in nothing else: same registers, same alignment of the loop, same instructions round
 *it. Each is an assembly function of its own, so the compiler has no say in what is timed.
 *
 * Registers in the text. RBX is the benchmark's context pointer and R13 gets RAX of each crossing
 *(what the benchmark's check() looks at). RBP, RBX, R12, R14 and R15 must come out of a crossing as
 *they went in; every other register is free, and the function saves what its C caller wants kept.
 *RSP is 16-byte aligned at the first setup; `enter` may move it, the way out restores it from RBP.
 *Local labels are numeric. A crossing must have the same length wherever it stands (no branch to a
 *far label).
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

#define NOTHING ""

#define TIMED_HEAD(symbol, enter)                                                                  \
	"	.pushsection .text.timed, \"ax\", @progbits\n"                                           \
	"	.p2align 6\n"                                                                            \
	"	.globl " symbol "\n"                                                               \
	"	.type " symbol ", @function\n" symbol ":\n"                                        \
	"	push %rbx\n"                                                                             \
	"	push %rbp\n"                                                                             \
	"	push %r12\n"                                                                             \
	"	push %r13\n"                                                                             \
	"	push %r14\n"                                                                             \
	"	push %r15\n"                                                                             \
	"	mov %rsp, %rbp\n"                                                                        \
	"	sub $8, %rsp\n"                                                                          \
	"	mov %rdi, %r12\n"                                                                        \
	"	mov %rsi, %rbx\n" enter "\n" CLOCK_READ "	mov %rax, %r14\n"                        \
	"	mov %rdx, %r15\n"

#define TIMED_TAIL(symbol)                                                                         \
	CLOCK_READ                                                                                 \
	"	mov %rbp, %rsp\n"                                                                        \
	"	mov %r13, timed_result(%rip)\n"                                                          \
	"	shl $32, %rdx\n"                                                                         \
	"	or %rdx, %rax\n"                                                                         \
	"	shl $32, %r15\n"                                                                         \
	"	or %r15, %r14\n"                                                                         \
	"	sub %r14, %rax\n"                                                                        \
	"	pop %r15\n"                                                                              \
	"	pop %r14\n"                                                                              \
	"	pop %r13\n"                                                                              \
	"	pop %r12\n"                                                                              \
	"	pop %rbp\n"                                                                              \
	"	pop %rbx\n"                                                                              \
	"	ret\n"                                                                                   \
	"	.size " symbol ", . - " symbol "\n"                                                \
	"	.popsection\n"

/* The body carries a symbol with its length, for the test that compares the three. */
#define TIMED_BODY(symbol, body)                                                                   \
	"	.type " symbol ".body, @notype\n" symbol ".body:\n" body "\n"                      \
	"	mov %rax, %r13\n"                                                                        \
	"	.size " symbol ".body, . - " symbol ".body\n"

/* A window round a loop. */
#define TIMED_LOOP(symbol, enter, body)                                                            \
	__asm__(TIMED_HEAD(symbol, enter) "	.p2align 6\n" TIMED_BODY(                          \
	    symbol, body) "	dec %r12\n"                                                            \
			  "	jnz " symbol ".body\n" TIMED_TAIL(symbol))

/* A window round one pass. */
#define TIMED_ONCE(symbol, enter, body)                                                            \
	__asm__(TIMED_HEAD(symbol, enter) TIMED_BODY(symbol, body) TIMED_TAIL(symbol))

/* Nops of the length of `text`, which is assembled for that into a section that no linker keeps. */
#define TIMED_NOPS(text)                                                                           \
	"	.pushsection .crossing, \"e\", @progbits\n"                                              \
	"770:	" text "\n"                                                                        \
	"771:	.popsection\n"                                                                       \
	"	.nops 771b - 770b, 9\n"

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
