/*
 * What the programs on shadow stacks share: instructions (shstk_cross.S), faults (shstk_fault.c).
 */
#ifndef GUEST_SHSTK_CROSS_H
#define GUEST_SHSTK_CROSS_H

#include "harness/shadow_stack.h"
#include "harness/signal_frame.h"
#include "lib/test.h"

enum { SYS_MAP_SHADOW_STACK = 453, SET_TOKEN = 1 };
enum { EPERM = 1, EFAULT = 14, EEXIST = 17, EINVAL = 22, ENOSPC = 28, ERANGE = 34 };
enum { ENOSYS = 38, EOVERFLOW = 75, EOPNOTSUPP = 95 };
enum { PAGE = 4096, WORD = 8 };

/* Why a test of shadow stacks cannot be; or why one of their absence. NULL: it can. */
const char *no_shadow_stack(void);
const char *shadow_stacks(void);

long shadow_stack_feature(long request, long feature);
uint64_t shadow_stack_features(void); /* SHSTK_*, of this thread */
long map_shadow_stack(uint64_t address, uint64_t size, long flags);

/* ---- faults ---- */
struct fault {
	int signal, code;
	uint64_t address, trap, error;
};
enum { SEGV_MAPERR = 1, SEGV_ACCERR = 2, SEGV_CPERR = 10, SI_KERNEL = 0x80 };
enum { VECTOR_CP = 21, CP_NEAR_RET = 1, CP_RSTORSSP = 4 };
enum { PF_PRESENT = 1, PF_WRITE = 2, PF_USER = 4, PF_SHSTK = 64 };

extern struct fault fault;    /* the last one */
extern unsigned fault_count;  /* since faults_handled() */
extern uint64_t fault_resume; /* where the program goes on, once; 0: where it was */
void faults_handled(void);    /* SIGSEGV and SIGILL from now on */

/* Whether the fault was just that, of signal SIGSEGV. */
void expect_fault(int code, uint64_t trap, uint64_t error, uint64_t address, const char *what);

/* ---- instructions: 0, or 1 where they fault ---- */
long try_store(uint64_t address, uint64_t value);
long try_load(uint64_t address, uint64_t unused);
long try_wrss(uint64_t address, uint64_t value);
long try_rstorssp(uint64_t address, uint64_t unused); /* for what is no token */
long try_32bit(uint64_t unused, uint64_t also);	      /* a jump to 32-bit code */

/* Returns to `elsewhere`. */
void return_to(uint64_t elsewhere);

/* On the shadow stack whose token lies at `token`; afterwards it lies there again. */
void call_on_shadow_stack(uint64_t token, void (*function)(void));

/* tgkill; how many words the shadow stack's pointer was lower after it. They are gone. */
uint64_t raise_and_mend(long process, long thread, long signal);

/* rt_sigreturn from there: returns where the kernel takes all of it but the shadow stack. */
void sigreturn_from(struct signal_context *context);

/* The same with all of the shadow stack popped whose token lies at `token`. */
void sigreturn_off_end(struct signal_context *context, uint64_t token);

/* clone3: a thread that runs `function` and ends. Its number, or -errno. */
long thread_by_clone3(const void *arguments, uint64_t size, void (*function)(void));

#endif
