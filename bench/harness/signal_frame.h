/*
 * Signals as Linux hands them to x86-64 programs: struct sigaction of the system call, and the
 * frame on the stack (Linux: uapi/asm/ucontext.h and sigcontext.h). C and assembly both include it.
 */
#ifndef BENCH_SIGNAL_FRAME_H
#define BENCH_SIGNAL_FRAME_H

/* Offsets into struct signal_context, for assembly; asserted below. */
#define CONTEXT_R12 72
#define CONTEXT_R14 88
#define CONTEXT_R15 96
#define CONTEXT_RBP 120
#define CONTEXT_RBX 128
#define CONTEXT_RCX 152
#define CONTEXT_RSP 160
#define CONTEXT_RIP 168

/* Signal numbers. */
#define SIGNAL_ILL  4
#define SIGNAL_TRAP 5
#define SIGNAL_BUS  7
#define SIGNAL_USR1 10
#define SIGNAL_SEGV 11
#define SIGNAL_SYS  31

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

/* rt_sigreturn finds it where RSP points. */
struct signal_context {
	uint64_t flags; /* CONTEXT_FLAGS */
	uint64_t link;
	uint64_t stack_pointer;
	uint32_t stack_flags; /* STACK_DISABLED */
	uint32_t stack_reserved;
	uint64_t stack_size;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags;
	uint16_t cs, gs, fs, ss;
	uint64_t error, trap, old_mask, cr2;
	uint64_t fpu_state; /* address; 0: initial state */
	uint64_t reserved[8];
	uint64_t mask;
};

/* SS is in the frame and is to be restored as it is there. */
#define CONTEXT_FLAGS  6
#define STACK_DISABLED 2

_Static_assert(offsetof(struct signal_context, r12) == CONTEXT_R12, "r12");
_Static_assert(offsetof(struct signal_context, r14) == CONTEXT_R14, "r14");
_Static_assert(offsetof(struct signal_context, r15) == CONTEXT_R15, "r15");
_Static_assert(offsetof(struct signal_context, rbp) == CONTEXT_RBP, "rbp");
_Static_assert(offsetof(struct signal_context, rbx) == CONTEXT_RBX, "rbx");
_Static_assert(offsetof(struct signal_context, rcx) == CONTEXT_RCX, "rcx");
_Static_assert(offsetof(struct signal_context, rsp) == CONTEXT_RSP, "rsp");
_Static_assert(offsetof(struct signal_context, rip) == CONTEXT_RIP, "rip");

typedef void signal_handler(int signal, void *info, struct signal_context *context);

#define SIGNAL_DEFAULT ((signal_handler *)0)

/* Installs a handler; 0 or a negative errno value. */
long signal_handle(int signal, signal_handler *handler);

#endif
#endif
