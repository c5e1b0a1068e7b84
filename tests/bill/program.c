/*
 * For `bill --program`: faults, a timer that interrupts the loop, a second thread that sleeps, and
 * ten signals of its own.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define SIGNALS 10

static volatile sig_atomic_t taken;
static char touched[64 << 12];

static void handler(int signal)
{
	(void)signal;
	taken = taken + 1;
}

static void *sleeper(void *nothing)
{
	for (int i = 0; i < 20; i++)
		usleep(20);
	return nothing;
}

int main(void)
{
	const struct itimerval every = {{0, 200}, {0, 200}}, never = {0};
	pthread_t thread;

	signal(SIGALRM, handler);
	signal(SIGUSR1, handler);
	memset(touched, 1, sizeof(touched));
	setitimer(ITIMER_REAL, &every, NULL);
	for (volatile int i = 0; i < 300000 || taken == 0; i++)
		;
	setitimer(ITIMER_REAL, &never, NULL);
	pthread_create(&thread, NULL, sleeper, NULL);
	pthread_join(thread, NULL);
	for (int i = 0; i < SIGNALS; i++)
		raise(SIGUSR1);
	puts(taken > SIGNALS && touched[0] == 1 ? "ok" : "too few signals");
	return taken > SIGNALS ? 0 : 1;
}
