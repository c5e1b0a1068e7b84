/* Stack segments: the usual one, and flat ones of the LDT. */
#ifndef BENCH_LDT_H
#define BENCH_LDT_H

#include <stdbool.h>
#include <stdint.h>

#include "sys.h"

enum { SYS_MODIFY_LDT = 154, LDT_WRITE = 0x11 };

/* Linux' struct user_desc. */
struct ldt_descriptor {
	uint32_t index, base, limit;
	uint32_t is_32bit : 1, contents : 2, read_only : 1, limit_in_pages : 1, absent : 1;
};

static inline uint64_t ldt_usual_stack(void)
{
	uint16_t selector;

	__asm__("mov %%ss, %0" : "=r"(selector));
	return selector;
}

/* The first entry of the LDT becomes flat data; its selector, or 0. */
static inline uint64_t ldt_make_stack(bool is_32bit)
{
	struct ldt_descriptor flat = {.limit = 0xfffff, .is_32bit = is_32bit, .limit_in_pages = 1};
	long result = sys_call(SYS_MODIFY_LDT, LDT_WRITE, (long)&flat, (long)sizeof(flat), 0, 0, 0);

	return result == 0 ? 7 : 0;
}

#endif
