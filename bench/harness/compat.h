/*
 * A crossing from 32-bit code in a 64-bit program: the texts round it, and what it needs first.
 *
 * Each round jumps to 32-bit code below 4 GiB, makes its call there with a stack below 4 GiB, and
 * jumps back. The kernel returns to the landing pad, label 78, which the program has told it. What
 * a jump costs is in the bare loop too.
 */
#ifndef BENCH_COMPAT_H
#define BENCH_COMPAT_H

#include "bench.h"
#include "mechanism.h"

/* RBX in the texts. */
struct compat {
	uint32_t to_offset; /* at 0: operand of the jump to 32-bit code */
	uint16_t to_selector;
	uint64_t stack;	      /* at 8 */
	uint64_t rbp;	      /* at 16: 32-bit code needs EBP itself */
	uint32_t back_offset; /* at 24: operand of the jump back */
	uint16_t back_selector;
};

/* clang-format off */
#define COMPAT_ENTER \
	"	mov $" TEXT_OF(EB_MECHANISM_NUMBER) ", %eax\n" \
	"	mov $" TEXT_OF(EB_MECHANISM_LANDING_PAD) ", %edi\n" \
	"	lea 78f(%rip), %rsi\n" \
	"	syscall\n" \
	"	lea 77f(%rip), %rax\n" \
	"	mov %eax, (%rbx)\n" \
	"	lea 79f(%rip), %rax\n" \
	"	mov %eax, 24(%rbx)\n" \
	"	mov %rbp, 16(%rbx)\n" \
	"	mov 8(%rbx), %rsp"

#define COMPAT_SETUP \
	"	mov $" TEXT_OF(SYS_INT80_GETPPID) ", %eax\n" \
	"	ljmp *(%rbx)\n" \
	"	.code32\n" \
	"77:	mov %esp, %ebp"

/* By SS: DS and ES are null in a 64-bit program. */
#define COMPAT_AFTER \
	"78:	ljmp *%ss:24(%ebx)\n" \
	"	.code64\n" \
	"79:	mov 16(%rbx), %rbp"
/* clang-format on */

/*
 * Points run->context to a struct compat and tries one crossing: without it here, `missing` says
 * so.
 */
struct verdict compat_setup(struct run *run, const char *missing);

/* RAX must be what INT 0x80 gives. */
struct verdict compat_check(struct run *run, uint64_t result);

#endif
