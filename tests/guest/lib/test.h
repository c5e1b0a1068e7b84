/*
 * What a conformance program includes: its table of tests, what a test may ask and say. Output and
 * verdict are in the manner of kvm-unit-tests: a line PASS, FAIL or SKIP a test, a SUMMARY, and an
 * exit status of 1 where one failed.
 */
#ifndef GUEST_TEST_H
#define GUEST_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <entrybench/audit.h>

#include "harness/sys.h"
#include "harness/text.h"

struct test {
	const char *name;
	void (*run)(void);
	const char *(*skip)(void); /* why it means nothing here, or NULL; itself may be NULL */
};

/* What the program defines. */
struct program {
	const char *name;
	const struct test *tests;
	size_t count;
	bool shadow_stack; /* keeps the one that it starts with, so it has no 32-bit code */
};
extern const struct program program;

/* The program's argument after its name, or "". */
extern const char *argument;

/*
 * Within a test: says what was wrong (%s, %d, %lx) and fails it. The first few of each test are
 * printed.
 */
void wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

#define EXPECT(condition, ...)                                                                     \
	do {                                                                                       \
		if (!(condition))                                                                  \
			wrong(__VA_ARGS__);                                                        \
	} while (0)

#define EXPECT_EQUAL(got, want, what)                                                              \
	EXPECT((uint64_t)(got) == (uint64_t)(want), "%s is %lx, must be %lx", what,                \
	       (uint64_t)(got), (uint64_t)(want))

/* A line of the program's own. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- the core, through eb_audit ---- */

long audit(enum eb_audit_op op, uint64_t a, uint64_t b, uint64_t c);

/* Whether the variant has the feature "key=value". */
bool has(const char *feature);

/* How far below ring 3's registers the frames of a system call may begin. */
uint64_t stack_gap(void);

/* Address of a phase's label, 0 if the variant has none. */
uint64_t phase(const char *name);

/* ---- crossings, from cross.S ---- */

enum { USER_CODE = 0x33, USER_CODE_32 = 0x23, USER_DATA = 0x2b };
enum { CF = 1, FIXED = 2, PF = 4, ZF = 0x40, TF = 0x100, IF = 0x200, DF = 0x400, NT = 0x4000 };
enum { RF = 0x10000, AC = 0x40000, ID = 0x200000 };

/*
 * SYSCALL puts RIP into rcx and RFLAGS into r11: `regs` as they are behind one that comes back at
 * `back`. With FRED it changes no register.
 */
void syscall_changes(struct eb_regs *regs, const char *back);

/* The last phase of the way out that can bring about any state of ring 3, by IRET or ERETU. */
uint64_t leaving_to_any_state(void);

/* A word that stands in no other register. */
uint64_t pattern(unsigned index);

/* Distinct patterns everywhere but in ip, cs, flags, sp, ss, which are those of a plain program. */
void fill(struct eb_regs *regs);

/*
 * Loads all registers but ip, cs, sp, ss, crosses by `how`, and stores what is in all of them right
 * after. cross_back_* is the address at which each comes back.
 */
extern struct eb_regs cross_in, cross_out;
void cross_by_syscall(void);
void cross_by_touch(void); /* a load from where cross_in.si points to */
void cross_by_ud2(void);   /* inside catch_in() only */
extern const char cross_back_syscall[], cross_back_touch[];
extern uint16_t cross_segments[4]; /* ds, es, fs, gs after the crossing */

/*
 * Runs `function` with traps caught: true when one ended it, false when it returned. What trapped
 * is in caught[]. cross_out has the registers with which the program went on after the trap.
 */
bool catch_in(void (*function)(void));
bool catch_begin(void (*function)(
    void)); /* the same without a look at what was caught: no further system call */
enum { CAUGHT_MAX = 64 };
extern struct eb_trap caught[CAUGHT_MAX];
extern unsigned caught_count;

/* Leaves a system call with exactly these registers; inside catch_in() only. */
void exit_with(const struct eb_regs *regs);

/*
 * One byte of NOP and then an undefined instruction, in 64-bit and in 32-bit code: where
 * exit_with() may go to.
 */
extern const char landing[];

/* ---- a second thread (worker.c) ---- */

/* It waits in the kernel for something to do. */
void worker_begin(void);
void worker_end(void);

/* Has it run `function`; worker_wait() returns when that has been done and it waits again. */
void worker_ask(void (*function)(void));
void worker_wait(void);

/* The other one's turn. */
void yield(void);

/* Names of vectors that tests expect. */
enum {
	VECTOR_DB = 1,
	VECTOR_NMI = 2,
	VECTOR_BP = 3,
	VECTOR_UD = 6,
	VECTOR_GP = 13,
	VECTOR_PF = 14,
	VECTOR_INT80 = 0x80
};

/*
 * Compares all registers of two states but those in `skip`. Returns whether they agree; `wrong()`
 * for each that does not.
 */
enum {
	SKIP_AX = 1,
	SKIP_CX = 2,
	SKIP_R11 = 4,
	SKIP_FRAME = 8, /* ip, cs, flags, sp, ss */
	SKIP_IP = 16,
	SKIP_ORIG_AX = 32,
};
bool same_regs(const struct eb_regs *got, const struct eb_regs *want, unsigned skip,
	       const char *when);

#endif
