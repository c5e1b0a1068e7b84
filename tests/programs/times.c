/* Clocks: they run, they go forward, and they refuse what is no clock. */
#include "show.h"

#include <sys/time.h>
#include <time.h>

static long long ns_of(int clock)
{
	struct timespec now = {0, 0};
	syscall(SYS_clock_gettime, clock, &now);
	return now.tv_sec * 1000000000ll + now.tv_nsec;
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
