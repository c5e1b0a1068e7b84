/* Strings, console printing, records, panic. */
#ifndef KERNEL_LIB_H
#define KERNEL_LIB_H

#include <stdarg.h>

#include "entry/pt_regs.h"
#include "lib/types.h"

void *memset(void *to, int byte, size_t n);
void *memcpy(void *to, const void *from, size_t n);
void *memmove(void *to, const void *from, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);

/* Copies at most size - 1 bytes and always terminates; returns whether all of it fitted. */
bool copy_string(char *to, size_t size, const char *from);

/* printf to the console: %s %c %d %u %x %lu %ld %lx %p %%, with zero padding and width. */
void kprintf(const char *format, ...) __printf_like(1, 2);

/* The same into `text`, which is always terminated; what has no room is left out. */
void kvformat(char *text, u64 size, const char *format, va_list *args);

/* One record of the kernel stream (include/entrybench/record.h): begin, any number of keys, end. */
void record_begin(const char *type);
void record_text(const char *key, const char *value);
void record_number(const char *key, u64 value);
void record_hex(const char *key, u64 value);
void record_end(void);
u64 record_count(void); /* records sent so far */

/*
 * Prints why, the registers if any, the variant and the phase, sends the exit record and ends the
 * machine as failed.
 */
__noreturn void panic(const struct pt_regs *regs, const char *format, ...) __printf_like(2, 3);

#define assert(condition)                                                                          \
	do {                                                                                       \
		if (unlikely(!(condition)))                                                        \
			panic(NULL, "assertion failed: %s (%s:%d)", #condition, __FILE_NAME__,     \
			      __LINE__);                                                           \
	} while (0)

#ifndef __FILE_NAME__
#define __FILE_NAME__ __FILE__
#endif

#endif
