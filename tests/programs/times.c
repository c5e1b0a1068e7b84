/* Clocks: they run, they go forward, and they refuse what is no clock. */
#include "show.h"

#include <sys/time.h>
#include <time.h>

#define MS 1000000ll

static int malformed; /* readings with more than a second of nanoseconds */

static long long ns_of(int clock)
{
	struct timespec now = {0, 0};
	syscall(SYS_clock_gettime, clock, &now);
	malformed += now.tv_nsec < 0 || now.tv_nsec > 999999999;
	return now.tv_sec * 1000000000ll + now.tv_nsec;
}

/*
 * All of them count the same time as CLOCK_MONOTONIC, but for a coarse one's step: what passes by
 * it lies between the times that pass within and around its two readings, however often something
 * else runs between them.
 */
static void compare(int clock)
{
	int coarse = clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE;
	long long step = coarse ? 10 * MS : MS / 2, outside = ns_of(CLOCK_MONOTONIC);
	long long before = ns_of(clock), inside = ns_of(CLOCK_MONOTONIC), passed;

	while (ns_of(CLOCK_MONOTONIC) - inside < 2 * step)
		;
	inside = ns_of(CLOCK_MONOTONIC) - inside;
	passed = ns_of(clock) - before;
	outside = ns_of(CLOCK_MONOTONIC) - outside;
	printf("clock %d runs as fast: %d\n", clock,
	       passed > inside - step && passed < outside + step);
}

int main(void)
{
	struct timespec time;
	struct timeval now;
	struct timezone zone = {1, 1};
	static const int clocks[] = {
	    CLOCK_REALTIME,	     CLOCK_MONOTONIC,	  CLOCK_PROCESS_CPUTIME_ID,
	    CLOCK_THREAD_CPUTIME_ID, CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE,
	    CLOCK_MONOTONIC_COARSE,  CLOCK_BOOTTIME,	  CLOCK_TAI};
	for (unsigned i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		long long before = ns_of(clocks[i]), after;
		printf("clock %d: ", clocks[i]);
		do
			after = ns_of(clocks[i]);
		while (after == before);
		printf("%s, %ld\n", after > before ? "forward" : "backward",
		       syscall(SYS_clock_getres, clocks[i], &time));
	}
	for (unsigned i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++)
		if (clocks[i] != CLOCK_PROCESS_CPUTIME_ID && clocks[i] != CLOCK_THREAD_CPUTIME_ID)
			compare(clocks[i]);
	SHOW(malformed);
	SHOW(syscall(SYS_clock_gettime, 99, &time));
	SHOW(syscall(SYS_clock_getres, 99, &time));
	SHOW(syscall(SYS_clock_getres, CLOCK_MONOTONIC, 0));
	SHOW(syscall(SYS_clock_getres, CLOCK_MONOTONIC, &time));
	SHOW(time.tv_sec == 0 && time.tv_nsec == 1);
	SHOW(syscall(SYS_gettimeofday, &now, &zone));
	SHOW(now.tv_usec < 1000000 && now.tv_sec > 900000000);
	SHOW(syscall(SYS_gettimeofday, 0, 0));
	time_t seconds = 0;
	SHOW(syscall(SYS_time, &seconds) - now.tv_sec < 2);
	SHOW(seconds - now.tv_sec < 2);
	SHOW(ns_of(CLOCK_PROCESS_CPUTIME_ID) <= ns_of(CLOCK_MONOTONIC));
	return 0;
}
