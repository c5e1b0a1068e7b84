/*
 * FRED, flexible return and event delivery: what every event leaves in pt_regs and above it, and
 * what the core sets up for it (Intel, "Flexible Return and Event Delivery", revision 5.0;
 * docs/fred.md). An event comes with a 64-byte frame: error code, rip, cs, rflags, rsp, ss, event
 * data, zero; the first six are pt_regs' last.
 */
#ifndef KERNEL_FRED_H
#define KERNEL_FRED_H

#define MSR_FRED_RSP	       0x1cc /* of stack level 0; the other three follow */
#define MSR_FRED_STACK_LEVELS  0x1d0 /* two bits a vector, for events in ring 0 */
#define MSR_FRED_CONFIG	       0x1d4
#define FRED_CONFIG_LEVEL_MASK 3 /* the stack level in use */

/*
 * The entry of events in ring 3 lies on a page border, that of events in ring 0 so far behind it.
 */
#define FRED_RING0_OFFSET 256

/* pt_regs->ss_flags. ERETU and ERETS act on them. */
#define SS_STI_SHADOW (1 << 0) /* interrupts were blocked by STI or MOV SS */
#define SS_SOFTWARE                                                                                \
	(1 << 1)	/* SYSCALL, SYSENTER or INT n; with TF the way back ends in a single step */
#define SS_NMI (1 << 2) /* NMIs are let in again */

/* pt_regs->event: vector, type, and what kind of code was interrupted. */
#define EVENT_TYPE_SHIFT   16
#define EVENT_LONG_MODE	   (1 << 25)
#define EVENT_LENGTH_SHIFT 28 /* of the instruction, where one raised the event itself */

#define EVENT_INTERRUPT		 0
#define EVENT_NMI		 2
#define EVENT_EXCEPTION		 3
#define EVENT_SOFTWARE_INTERRUPT 4 /* INT n */
#define EVENT_INT1		 5
#define EVENT_SOFTWARE_EXCEPTION 6 /* INT3, INTO */
#define EVENT_FAST_CALL		 7
#define FAST_CALL_SYSCALL	 1 /* vectors of that type */
#define FAST_CALL_SYSENTER	 2

#ifndef __ASSEMBLER__
#include "entry/pt_regs.h"
#include "lib/types.h"

struct fred_frame {
	struct pt_regs regs;
	u64 data; /* #PF: the address; #DB: what it was, as in DR6 */
	u64 zero;
};

static inline u64 fred_data(const struct pt_regs *regs)
{
	return ((const struct fred_frame *)regs)->data;
}

/* Switches FRED on: from now on there is no IDT, no SWAPGS, no SYSRET and no IRET to ring 3. */
void fred_init(void);

/* Whether what brought `regs` was SYSCALL, SYSENTER or INT 0x80. */
bool fred_is_system_call(const struct pt_regs *regs);

/* Exception `vector` in ring 0 comes on the stack level of `to` (audit/interrupt.c). */
void fred_divert(unsigned vector, unsigned to);

/* Whether the CPU is on the stack on which `vector` must have come, `sp` included. */
bool fred_stack_is_right(const struct pt_regs *regs, unsigned vector, u64 sp);
#endif
#endif
