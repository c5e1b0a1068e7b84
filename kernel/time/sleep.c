/* Sleeping, and the interval timers that end it. */
#include "entry/erase.h"
#include "mm/mm.h"
#include "signal/signal.h"
#include "syscall/syscall.h"
#include "task/process.h"
#include "task/task.h"
#include "time/time.h"

#define TIMER_ABSTIME 1

/* Until `deadline`; the time left goes to `left` where a handler interrupts. */
static s64 sleep_until(u64 deadline, u64 left)
{
	s64 result = task_wait(deadline);
	if (result != -EINTR)
		return 0;
	u64 now = clock_ns();
	s64 error = left ? timespec_to_user(left, deadline > now ? deadline - now : 0) : 0;
	return error ? error : -EINTR;
}

s64 sys_nanosleep(const struct syscall_args *regs)
{
	u64 ns;
	s64 error = timespec_from_user(regs->di, &ns);
	return error ? error : sleep_until(clock_after(ns), regs->si);
}

s64 sys_clock_nanosleep(const struct syscall_args *regs)
{
	u64 ns, now = clock_read(regs->di);
	if (now == NEVER)
		return -EINVAL;
	if (!clock_can_sleep(regs->di))
		return -ENOTSUP;
	s64 error = timespec_from_user(regs->dx, &ns);
	if (error)
		return error;
	if (!(regs->si & TIMER_ABSTIME))
		return sleep_until(clock_after(ns), regs->r10);
	if (ns != NEVER)
		ns = clock_after(ns > now ? ns - now : 0);
	return sleep_until(ns, 0);
}

/* ---- interval timers ---- */

enum { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF };

struct itimerval {
	struct timeval interval, value;
};

static const int timer_signals[INTERVAL_TIMERS] = {SIGALRM, SIGVTALRM, SIGPROF};

/* The clock that the timer goes by: time, or the program's time on the CPU. */
static u64 clock_of(const struct interval_timer *timer)
{
	return timer == &process.interval_timers[ITIMER_REAL] ? clock_ns() : process_cpu_ns();
}

/* On the list of timers all go by time: one that goes by CPU time may have to wait on. */
static void go_on(struct interval_timer *timer)
{
	u64 now = clock_of(timer);
	timer_set(&timer->timer, clock_after(timer->due > now ? timer->due - now : 0));
}

BIG_FRAME_BEGIN
static void fire(struct timer *base)
{
	struct interval_timer *timer = (struct interval_timer *)base;
	struct signal_info info = {.code = SI_KERNEL};
	u64 now = clock_of(timer);
	stack_mark();
	if (now >= timer->due) {
		info.signal = timer_signals[timer - process.interval_timers];
		signal_send(NULL, &info);
		timer->due += timer->interval;
		if (!timer->interval) {
			timer->due = 0;
			return;
		}
		if (timer->due < now) /* behind by more than one: those are lost */
			timer->due = now + timer->interval;
	}
	go_on(timer);
}
BIG_FRAME_END

static u64 time_left(const struct interval_timer *timer)
{
	u64 now = clock_of(timer);
	if (!timer->due)
		return 0;
	return timer->due > now ? timer->due - now : NS_PER_US; /* 0 would say that it is off */
}

static void start(struct interval_timer *timer, u64 ns, u64 interval)
{
	timer_cancel(&timer->timer);
	timer->timer.fire = fire;
	timer->interval = interval;
	timer->due = ns ? clock_of(timer) + ns : 0;
	if (ns)
		go_on(timer);
}

static struct timeval timeval_of(u64 ns)
{
	u64 us = (ns + NS_PER_US - 1) / NS_PER_US;
	return (struct timeval){us / 1000000, us % 1000000};
}

static bool is_valid(const struct timeval *time)
{
	return time->seconds >= 0 && time->us >= 0 && time->us < 1000000;
}

#define MAX_SECONDS (NEVER / 4 / NS_PER_SECOND)

static u64 ns_of(const struct timeval *time)
{
	u64 seconds = time->seconds;
	return (seconds < MAX_SECONDS ? seconds : MAX_SECONDS) * NS_PER_SECOND +
	       time->us * NS_PER_US;
}

static s64 give_timer(const struct interval_timer *timer, u64 to)
{
	static struct itimerval now;
	now.interval = timeval_of(timer->interval);
	now.value = timeval_of(time_left(timer));
	return copy_to_user(to, &now, sizeof(now)) ? 0 : -EFAULT;
}

s64 sys_getitimer(const struct syscall_args *regs)
{
	u32 which = regs->di;
	if (which >= INTERVAL_TIMERS)
		return -EINVAL;
	return give_timer(&process.interval_timers[index_nospec(which, INTERVAL_TIMERS)], regs->si);
}

s64 sys_setitimer(const struct syscall_args *regs)
{
	static struct itimerval wanted;
	u32 which = regs->di;
	struct interval_timer *timer;
	if (regs->si && !copy_from_user(&wanted, regs->si, sizeof(wanted)))
		return -EFAULT;
	if (!regs->si)
		wanted = (struct itimerval){0};
	if (which >= INTERVAL_TIMERS || !is_valid(&wanted.interval) || !is_valid(&wanted.value))
		return -EINVAL;
	timer = &process.interval_timers[index_nospec(which, INTERVAL_TIMERS)];
	s64 error = regs->dx ? give_timer(timer, regs->dx) : 0;
	if (!error)
		start(timer, ns_of(&wanted.value), ns_of(&wanted.interval));
	return error;
}

s64 sys_alarm(const struct syscall_args *regs)
{
	struct interval_timer *timer = &process.interval_timers[ITIMER_REAL];
	u64 left = time_left(timer), seconds = (u32)regs->di;
	start(timer, seconds * NS_PER_SECOND, 0);
	/* rounded, but one that is set never to nothing */
	u64 rest = (left + NS_PER_SECOND / 2) / NS_PER_SECOND;
	return left && !rest ? 1 : (s64)rest;
}
