/*
 * What the parts of the program `random` share: numbers from its seed, and an attempt at anything.
 */
#ifndef GUEST_RANDOM_H
#define GUEST_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct signal_context;

uint64_t next(void);
uint64_t below(uint64_t n);

/* Numbers at which kernels have gone wrong, and any others. */
uint64_t value(void);

/* An operation's worth of random bytes and instructions that kernels care about. */
enum { OPERATION_SIZE = 64 };
void random_bytes_of_code(uint8_t to[OPERATION_SIZE]);

/*
 * random_attempt.S: rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8 to r15; the signal that ended it, or
 * 0.
 */
enum reg { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10 };
int attempt(const uint64_t registers[16], const void *code);

/* In a frame: the stack that signals are caught on, and no signal blocked. */
void keep_signals(struct signal_context *context);

/* ---- random_frame.c ---- */

/* The LDT, and memory that 32-bit code can reach. */
void frames_begin(void);

/* rt_sigreturn with anything in the frame; whether a signal ended it. */
int random_frame(void);

#endif
