/*
 * What pthread programs do: mutexes, conditions, barriers, thread-local data, cancelling, robust
 * locks, FPU state of each.
 */
#include "show.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#define THREADS 8

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int counter, turn;
static __thread int mine = 5;

static void *count_up(void *argument)
{
	for (int i = 0; i < 500; i++) {
		pthread_mutex_lock(&lock);
		int old = counter;
		if (i % 50 == 0)
			sched_yield(); /* with the lock held */
		counter = old + 1;
		pthread_mutex_unlock(&lock);
		mine++;
	}
	return (void *)(intptr_t)(mine + (int)(intptr_t)argument);
}

static void counting(void)
{
	pthread_t threads[THREADS];
	long sum = 0;
	for (intptr_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, count_up, (void *)i);
	for (int i = 0; i < THREADS; i++) {
		void *result;
		SHOW(pthread_join(threads[i], &result));
		sum += (intptr_t)result;
	}
	printf("counter %d, sum %ld, mine %d\n", counter, sum, mine);
}

/* Each waits for its turn: the order is theirs, not the scheduler's. */
static void *take_turn(void *argument)
{
	int number = (intptr_t)argument;
	for (int round = 0; round < 3; round++) {
		pthread_mutex_lock(&lock);
		while (turn != number)
			pthread_cond_wait(&changed, &lock);
		printf("turn of %d\n", number);
		turn = (turn + 1) % 3;
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void turns(void)
{
	pthread_t threads[3];
	for (intptr_t i = 0; i < 3; i++)
		pthread_create(&threads[i], NULL, take_turn, (void *)i);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
}

static volatile int go;

/* Never enters the kernel: others run only because its time is up. */
static void *spin(void *argument)
{
	while (!go)
		;
	return argument;
}

static void preemption(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, spin, NULL);
	struct timespec little = {0, 1000000};
	nanosleep(&little, NULL);
	go = 1;
	SHOW(pthread_join(thread, NULL));
}

/* Long sums with the FPU's, SSE's and AVX's registers in use while others do the same. */
static void *compute(void *argument)
{
	double x = (intptr_t)argument + 1, sum = 0;
	long double y = x;
	unsigned mxcsr = 0x1f80 | (unsigned)((intptr_t)argument % 4) << 13, now;
	__asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
	for (int i = 1; i < 300000; i++) {
		sum += x / i;
		y = y * 1.0000001L + 1 / y;
		if (i % 100000 == 0)
			sched_yield();
	}
	__asm__ volatile("stmxcsr %0" : "=m"(now));
	__asm__ volatile("ldmxcsr %0" : : "m"((unsigned){0x1f80}));
	char *text = malloc(100);
	sprintf(text, "%.17g %.18Lg mxcsr kept %d", sum, y, (now & 0xe000) == (mxcsr & 0xe000));
	return text;
}

static void floats(void)
{
	pthread_t threads[THREADS];
	for (intptr_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, compute, (void *)i);
	for (int i = 0; i < THREADS; i++) {
		void *text;
		pthread_join(threads[i], &text);
		printf("%s\n", (char *)text);
		free(text);
	}
}

static void timeouts(void)
{
	struct timespec until;
	sem_t semaphore;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 5000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&lock);
	printf("cond: %s\n", strerror(pthread_cond_timedwait(&changed, &lock, &until)));
	printf("trylock: %s\n", strerror(pthread_mutex_trylock(&lock)));
	printf("timedlock: %s\n", strerror(pthread_mutex_timedlock(&lock, &until)));
	pthread_mutex_unlock(&lock);
	sem_init(&semaphore, 0, 1);
	SHOW(sem_wait(&semaphore));
	SHOW(sem_trywait(&semaphore));
	SHOW(sem_timedwait(&semaphore, &until));
}

static void cleanup(void *argument)
{
	printf("cleaned up: %s\n", (char *)argument);
}

static void *wait_for_ever(void *argument)
{
	pthread_cleanup_push(cleanup, argument);
	for (;;)
		pause();
	pthread_cleanup_pop(0);
	return NULL;
}

static void *hold_for_ever(void *robust)
{
	pthread_mutex_lock(robust);
	return NULL;
}

static void endings(void)
{
	pthread_t thread;
	pthread_mutexattr_t attributes;
	static pthread_mutex_t robust;
	void *result;
	pthread_create(&thread, NULL, wait_for_ever, "cancelled");
	sched_yield();
	pthread_cancel(thread);
	SHOW(pthread_join(thread, &result));
	SHOW(result == PTHREAD_CANCELED);
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&robust, &attributes);
	pthread_create(&thread, NULL, hold_for_ever, &robust);
	pthread_join(thread, NULL);
	printf("robust: %s\n", strerror(pthread_mutex_lock(&robust)));
	SHOW(pthread_mutex_consistent(&robust));
	SHOW(pthread_mutex_unlock(&robust));
}

static pthread_barrier_t barrier;
static volatile sig_atomic_t handled_by;

static void who(int signal)
{
	(void)signal;
	handled_by = mine;
}

static void *take_signal(void *argument)
{
	(void)argument;
	mine = 77;
	pthread_barrier_wait(&barrier);
	while (!handled_by)
		sched_yield();
	return NULL;
}

static void signals(void)
{
	pthread_t thread;
	sigset_t set;
	signal(SIGUSR1, who);
	pthread_barrier_init(&barrier, NULL, 2);
	pthread_create(&thread, NULL, take_signal, NULL);
	pthread_barrier_wait(&barrier);
	mine = 66;
	SHOW(pthread_kill(thread, SIGUSR1));
	pthread_join(thread, NULL);
	printf("handled by %d\n", handled_by);
	/* to the process, blocked in the first thread: the other one takes it */
	handled_by = 0;
	pthread_create(&thread, NULL, take_signal, NULL);
	pthread_barrier_wait(&barrier);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	SHOW(kill(getpid(), SIGUSR1));
	pthread_join(thread, NULL);
	printf("handled by %d\n", handled_by);
}

static void *outlive(void *main_thread)
{
	SHOW(pthread_join(*(pthread_t *)main_thread, NULL));
	printf("the last one\n");
	fflush(stdout);
	syscall(SYS_exit, 3); /* the last thread's status is the program's */
	return NULL;
}

int main(void)
{
	static pthread_t self;
	pthread_t thread;
	self = pthread_self();
	counting();
	turns();
	preemption();
	floats();
	timeouts();
	endings();
	signals();
	pthread_create(&thread, NULL, outlive, &self);
	pthread_exit(NULL);
}
