/* Sleeping, alarms, interval timers, and system calls that a signal interrupts. */
#include "show.h"

#include <signal.h>
#include <stdint.h>
#include <sys/time.h>
#include <time.h>

#define MS 1000000ll

static volatile sig_atomic_t alarms;

static void ring(int signal)
{
	(void)signal;
	alarms++;
}

static void on(int signal, int flags)
{
	struct sigaction action = {.sa_handler = ring, .sa_flags = flags};
	sigaction(signal, &action, NULL);
}

static long long now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 * MS + now.tv_nsec;
}

/* Whether it took at least so long; on a busy host it may take any time longer. */
static int lasted(long long since, long long at_least)
{
	return now_ns() - since >= at_least;
}

static struct itimerval in_ms(long first, long again)
{
	return (struct itimerval){.it_value = {0, first * 1000}, .it_interval = {0, again * 1000}};
}

static void sleeping(void)
{
	struct timespec time = {0, 3 * MS}, left = {7, 7}, bad = {0, 1000000000}, none = {0, 0};
	long long start = now_ns();
	SHOW(nanosleep(&time, &left));
	SHOW(lasted(start, 3 * MS));
	SHOW(left.tv_sec); /* untouched */
	SHOW(nanosleep(&none, NULL));
	SHOW(nanosleep(&bad, NULL));
	bad.tv_nsec = -1;
	SHOW(nanosleep(&bad, NULL));
	bad = (struct timespec){-1, 0};
	SHOW(nanosleep(&bad, NULL));
	SHOW(syscall(SYS_nanosleep, 0x1000, 0));
	start = now_ns();
	SHOW(clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL));
	SHOW(lasted(start, 3 * MS));
	clock_gettime(CLOCK_REALTIME, &time);
	start = now_ns();
	time.tv_nsec += 3 * MS;
	if (time.tv_nsec >= 1000 * MS) {
		time.tv_sec++;
		time.tv_nsec -= 1000 * MS;
	}
	SHOW(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, NULL));
	SHOW(lasted(start, 2 * MS));
	SHOW(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &none, NULL));
	SHOW(clock_nanosleep(99, 0, &time, NULL) != 0);
	SHOW(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC_COARSE, 0, &none, NULL));
}

static void interrupted(void)
{
	struct timespec time = {10, 0}, left = {0, 0};
	struct itimerval timer = in_ms(5, 0);
	on(SIGALRM, 0);
	setitimer(ITIMER_REAL, &timer, NULL);
	SHOW(nanosleep(&time, &left));
	SHOW(left.tv_sec == 9 && left.tv_nsec > 0);
	on(SIGALRM, SA_RESTART); /* sleeping never restarts */
	setitimer(ITIMER_REAL, &timer, NULL);
	SHOW(nanosleep(&time, NULL));
	setitimer(ITIMER_REAL, &timer, NULL);
	SHOW(clock_nanosleep(CLOCK_MONOTONIC, 0, &time, &left) == EINTR);
	setitimer(ITIMER_REAL, &timer, NULL);
	SHOW(pause());
	SHOW(alarms);
	/*
	 * waiting for a futex: with a time an error, without one it goes on if the handler says so
	 */
	uint32_t word = 0;
	on(SIGALRM, 0);
	setitimer(ITIMER_REAL, &timer, NULL);
	SHOW(syscall(SYS_futex, &word, 0, 0, NULL));
	on(SIGALRM, SA_RESTART);
	setitimer(ITIMER_REAL, &timer, NULL);
	SHOW(syscall(SYS_futex, &word, 0, 0, &time));
	/* ignored signals do not interrupt */
	struct timespec little = {0, 20 * MS};
	signal(SIGALRM, SIG_IGN);
	setitimer(ITIMER_REAL, &timer, NULL);
	SHOW(nanosleep(&little, NULL));
}

static uint32_t restart_word;

static void release(int signal)
{
	(void)signal;
	alarms++;
	if (alarms == 3)
		restart_word = 1; /* the call that starts again finds it changed */
}

static void restarted(void)
{
	struct sigaction action = {.sa_handler = release, .sa_flags = SA_RESTART};
	struct itimerval timer = in_ms(5, 5), none = in_ms(0, 0);
	alarms = 0;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	SHOW(syscall(SYS_futex, &restart_word, 0, 0, NULL));
	SHOW(alarms);
	setitimer(ITIMER_REAL, &none, NULL);
}

static void intervals(void)
{
	struct itimerval timer = in_ms(2, 2), none = in_ms(0, 0), old;
	long long start = now_ns();
	alarms = 0;
	on(SIGALRM, SA_RESTART);
	SHOW(getitimer(ITIMER_REAL, &old));
	SHOW(old.it_value.tv_usec + old.it_interval.tv_usec);
	SHOW(setitimer(ITIMER_REAL, &timer, &old));
	while (alarms < 5)
		;
	SHOW(lasted(start, 10 * MS));
	SHOW(setitimer(ITIMER_REAL, &none, &old));
	SHOW(old.it_interval.tv_usec);
	SHOW(old.it_value.tv_usec > 0 && old.it_value.tv_usec <= 2000);
	timer = (struct itimerval){.it_value = {100, 500000}, .it_interval = {7, 0}};
	SHOW(setitimer(ITIMER_REAL, &timer, NULL));
	SHOW(getitimer(ITIMER_REAL, &old));
	SHOW(old.it_value.tv_sec >= 90 && old.it_value.tv_sec <= 100);
	SHOW(setitimer(ITIMER_REAL, &none, &old));
	SHOW(old.it_value.tv_sec >= 90 && old.it_interval.tv_sec == 7 && !old.it_interval.tv_usec);
	SHOW(getitimer(ITIMER_REAL, &old));
	SHOW(old.it_value.tv_sec + old.it_value.tv_usec + old.it_interval.tv_sec);
	int seen = alarms;
	start = now_ns();
	while (!lasted(start, 6 * MS))
		;
	SHOW(alarms == seen);
	/* by time on the CPU */
	on(SIGVTALRM, SA_RESTART);
	on(SIGPROF, SA_RESTART);
	alarms = 0;
	timer = in_ms(10, 10);
	setitimer(ITIMER_PROF, &timer, NULL);
	while (alarms < 2)
		;
	setitimer(ITIMER_PROF, &none, NULL);
	setitimer(ITIMER_VIRTUAL, &timer, NULL);
	while (alarms < 4)
		;
	setitimer(ITIMER_VIRTUAL, &none, NULL);
	SHOW(setitimer(7, &none, NULL));
	SHOW(getitimer(7, &old));
	none.it_value.tv_usec = 1000000;
	SHOW(setitimer(ITIMER_REAL, &none, NULL));
	SHOW(syscall(SYS_setitimer, ITIMER_REAL, 0x1000, 0));
	SHOW(syscall(SYS_getitimer, ITIMER_REAL, 0x1000));
}

static void alarm_clock(void)
{
	SHOW(alarm(100));
	SHOW(alarm(50) >= 99);
	SHOW(alarm(0) >= 49);
	SHOW(alarm(0));
	alarms = 0;
	SHOW(alarm(1));
	pause();
	SHOW(alarms);
}

int main(void)
{
	sleeping();
	interrupted();
	restarted();
	intervals();
	alarm_clock();
	fflush(stdout);
	signal(SIGALRM, SIG_DFL);
	struct itimerval timer = in_ms(2, 0);
	setitimer(ITIMER_REAL, &timer, NULL);
	for (;;)
		; /* ends by the signal */
}
