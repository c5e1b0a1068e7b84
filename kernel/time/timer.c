/*
 * Timers: a sorted list, and the local APIC's timer for the first of it. Without one set there is
 * no interrupt at all, so that a program with one thread and no timer runs the same instructions in
 * every boot.
 */
#include "cpu/cpu.h"
#include "dev/dev.h"
#include "time/time.h"

/* The longest wait at once, and the time in which the APIC's timer is counted against the clock. */
#define MAX_WAIT_NS  NS_PER_SECOND
#define CALIBRATE_NS 100000ull
#define MAX_TICKS    0xffffffffu

static struct timer *first;
static u64 ticks_per_ns; /* of the APIC's timer, 32.32 */

static void calibrate(void)
{
	u64 start = clock_ns(), now;
	apic_timer_start(VECTOR_TIMER, MAX_TICKS); /* far beyond: it is stopped long before */
	do
		now = clock_ns();
	while (now - start < CALIBRATE_NS);
	u64 ticks = MAX_TICKS - apic_timer_left();
	apic_timer_stop();
	ticks_per_ns = ((ticks ? ticks : 1) << 32) / (now - start);
}

/*
 * Makes the interrupt come for the first timer, or none where there is no timer. Too early is fine:
 * timers_run() looks again.
 */
static void arm(void)
{
	if (!apic_present())
		return;
	if (!first) {
		apic_timer_stop();
		return;
	}
	if (!ticks_per_ns)
		calibrate();
	u64 now = clock_ns(), wait = first->deadline > now ? first->deadline - now : 0;
	if (wait > MAX_WAIT_NS)
		wait = MAX_WAIT_NS;
	u64 ticks = (unsigned __int128)wait * ticks_per_ns >> 32;
	apic_timer_start(VECTOR_TIMER, ticks >= MAX_TICKS ? MAX_TICKS : ticks + 1);
}

static void take_out(struct timer *timer)
{
	struct timer **at = &first;
	while (*at != timer)
		at = &(*at)->next;
	*at = timer->next;
	timer->armed = false;
}

void timer_set(struct timer *timer, u64 deadline)
{
	struct timer **at = &first;
	if (timer->armed)
		take_out(timer);
	if (deadline != NEVER) {
		while (*at && (*at)->deadline <= deadline)
			at = &(*at)->next;
		timer->deadline = deadline;
		timer->next = *at;
		timer->armed = true;
		*at = timer;
	}
	arm();
}

void timer_cancel(struct timer *timer)
{
	if (!timer->armed)
		return;
	take_out(timer);
	arm();
}

void timers_run(void)
{
	if (!first)
		return;
	while (first && first->deadline <= clock_ns()) {
		struct timer *timer = first;
		take_out(timer);
		timer->fire(timer);
	}
	arm();
}

void timers_reset(void)
{
	while (first)
		take_out(first);
	arm();
}

bool timers_pending(void)
{
	return first;
}
