/* Time: the clock, timers that fire once, and the forms in which ring 3 gives and gets it. */
#ifndef KERNEL_TIME_H
#define KERNEL_TIME_H

#include "lib/types.h"

#define NS_PER_SECOND 1000000000ull
#define NS_PER_US     1000ull
#define NEVER	      (~0ull)

/* CLOCK_REALTIME when the machine starts: 2000-01-01 00:00:00 UTC, the same in every boot. */
#define EPOCH_NS (946684800ull * NS_PER_SECOND)

struct timespec {
	s64 seconds, ns;
};

struct timeval {
	s64 seconds, us;
};

/* ---- the clock (time/clock.c) ---- */
void clock_init(void);
u64 clock_hz(void); /* of the TSC; 0: not known, and taken for 1 GHz */
u64 clock_ns(void); /* since clock_init() */

/* The time `ns` from now, or NEVER. */
static inline u64 clock_after(u64 ns)
{
	u64 now = clock_ns();
	return ns < NEVER - now ? now + ns : NEVER;
}

/* ---- timers (time/timer.c) ---- */
struct timer {
	u64 deadline; /* clock_ns() */
	void (*fire)(struct timer *timer);
	struct timer *next;
	bool armed;
};

void timer_set(struct timer *timer,
	       u64 deadline);		/* again, where it is set already; NEVER: not at all */
void timer_cancel(struct timer *timer); /* of one that is not set: nothing */
void timers_run(void);			/* fires what is due; IRQs off */
void timers_reset(void);		/* forgets them all: no interrupt comes any more */
bool timers_pending(void);

/* ---- ring 3's forms of time (time/time.c); 0, -EFAULT or -EINVAL ---- */
s64 timespec_from_user(u64 from, u64 *ns); /* what is too far away becomes NEVER */
s64 timespec_to_user(u64 to, u64 ns);

/* Linux' clocks by number: the time, or NEVER where there is no such clock. */
u64 clock_read(u32 clock);
bool clock_can_sleep(u32 clock);

#endif
