/* A second thread of a conformance program, which runs one function after the other on request. */
#include "test.h"

enum { SYS_FUTEX = 202, FUTEX_WAIT = 0, FUTEX_WAKE = 1, SYS_SCHED_YIELD = 24 };

/* thread.S: a thread that ends when `function` returns. Its number, or -errno. */
long thread_start(void (*function)(void), void *stack_end);

static uint8_t stack[16384] __attribute__((aligned(16)));
static volatile uint32_t asked, done; /* how often */
static void (*volatile job)(void);    /* NULL: to end */

void yield(void)
{
	sys_call(SYS_SCHED_YIELD, 0, 0, 0, 0, 0, 0);
}

static void work(void)
{
	for (uint32_t next = 1;; next++) {
		while (asked != next)
			sys_call(SYS_FUTEX, (long)&asked, FUTEX_WAIT, (long)next - 1, 0, 0, 0);
		if (!job)
			return;
		job();
		done = next;
	}
}

void worker_begin(void)
{
	asked = done = 0;
	long thread = thread_start(work, stack + sizeof(stack));
	EXPECT(thread > 0, "clone returned %d", (int)thread);
	yield();
}

void worker_ask(void (*function)(void))
{
	job = function;
	asked++;
	sys_call(SYS_FUTEX, (long)&asked, FUTEX_WAKE, 1, 0, 0, 0);
}

void worker_wait(void)
{
	while (done != asked)
		yield();
	yield(); /* on to where it waits */
}

void worker_end(void)
{
	worker_ask(NULL);
	yield();
}
