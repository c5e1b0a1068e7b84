/*
 * What the programs on the ways in other than SYSCALL share: the crossings (mechanism_cross.S) and
 * what each is held to.
 */
#ifndef GUEST_MECHANISM_CHECK_H
#define GUEST_MECHANISM_CHECK_H

#include <entrybench/mechanism.h>

#include "harness/mechanism.h"
#include "lib/test.h"
#include "mechanism_cross.h"

enum { SIXTH_ARGUMENT = 0xcafe1234, EBP_WORD = 16 }; /* as in mechanism_cross.S */

/* cross_in for a call of that number, with flags that every way gives back. */
void prepare(uint64_t number);

/* What came out against what went in; `want` has been told the differences. */
void judge(struct eb_regs *want, const char *when);

/*
 * For a call of EB_AUDIT_STATE, which fills `inside`, with flags set that the kernel must not run
 * with.
 */
extern struct eb_state inside;
void ask_state(void);
void check_inside(const char *name);

/* One trap, in ring 3, none that the kernel took for its own. */
void check_step(void (*cross)(void), const char *name);

#endif
