/* Segments of a program's own, by modify_ldt. */
#ifndef GUEST_LDT_H
#define GUEST_LDT_H

#include <stdbool.h>
#include <stdint.h>

/* Entries of the LDT as ldt_fill() makes them. */
enum ldt_entry {
	LDT_STACK_16,  /* data of 16 bits, over ldt_stack */
	LDT_STACK_32,  /* the same with 32 bits */
	LDT_ABSENT,    /* a stack of 16 bits that is not present */
	LDT_READ_ONLY, /* data that no stack can be */
	LDT_CODE,
	LDT_COUNT,
};

/* The selector of an entry, for ring 3. */
static inline uint16_t ldt_selector(enum ldt_entry entry)
{
	return (uint16_t)(entry << 3 | 7);
}

/* What both stack segments start at. */
extern uint8_t ldt_stack[0x10000];

/* Whether the kernel took all of them. */
bool ldt_fill(void);

#endif
