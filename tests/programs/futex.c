/* clone and futex without a library in between: results and errors. */
#include "show.h"

#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

/* Linux' own headers are not there for musl. */
enum {
	FUTEX_WAIT = 0,
	FUTEX_WAKE = 1,
	FUTEX_CMP_REQUEUE = 4,
	FUTEX_WAIT_BITSET = 9,
	FUTEX_WAKE_BITSET = 10,
	FUTEX_CLOCK_REALTIME = 256
};
#define SYS_CLONE3 435
struct clone3 {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, more[3];
};

#define THREAD (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)

static uint32_t word, other;
static volatile uint32_t alive[3], parent_tid;
static volatile int woken;

static long futex(uint32_t *at, int operation, uint32_t value, void *timeout, uint32_t *second,
		  uint32_t third)
{
	return syscall(SYS_futex, at, operation, value, timeout, second, third);
}

static void errors(void)
{
	struct timespec little = {0, 2000000}, bad = {0, 2000000000}, past = {0, 0};
	SHOW(futex(&word, FUTEX_WAIT, 1, NULL, NULL, 0));
	SHOW(futex(&word, FUTEX_WAIT, 0, &little, NULL, 0));
	SHOW(futex(&word, FUTEX_WAIT, 0, &bad, NULL, 0));
	SHOW(futex(&word, FUTEX_WAIT, 0, (void *)0x1000, NULL, 0));
	SHOW(futex((uint32_t *)((char *)&word + 1), FUTEX_WAIT, 0, &little, NULL, 0));
	SHOW(futex((uint32_t *)0x1000, FUTEX_WAIT, 0, &little, NULL, 0));
	SHOW(futex((uint32_t *)0xffff888000000000, FUTEX_WAIT, 0, &little, NULL, 0));
	SHOW(futex((uint32_t *)0xffff888000000000, FUTEX_WAKE, 1, NULL, NULL, 0));
	SHOW(futex((uint32_t *)((char *)&word + 2), FUTEX_WAKE, 1, NULL, NULL, 0));
	SHOW(futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0));
	SHOW(futex(&word, FUTEX_WAIT_BITSET, 0, &past, NULL, ~0));
	SHOW(futex(&word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &past, NULL, ~0));
	SHOW(futex(&word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 0));
	SHOW(futex(&word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0));
	SHOW(futex(&word, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, NULL, NULL, 0));
	SHOW(futex(&word, FUTEX_CMP_REQUEUE, 1, (void *)1, &other, 5));
	SHOW(futex(&word, FUTEX_CMP_REQUEUE, -1, (void *)1, &other, 0));
	SHOW(futex(&word, 99, 0, NULL, NULL, 0));
}

/*
 * A thread on a stack of its own that runs `body` and ends; clone's parts are in one piece of
 * assembly.
 */
static long spawn(unsigned long flags, void (*body)(void), volatile uint32_t *mark)
{
	char *stack = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void **top = (void **)(stack + 65536);
	long result;
	*--top = (void *)body;
	*--top = 0;
	*mark = 1;
	register volatile uint32_t *child_tid __asm__("r10") = mark;
	register long tls __asm__("r8") = 0;
	__asm__ volatile("syscall\n"
			 "test %%rax, %%rax\n"
			 "jnz 1f\n"
			 "pop %%rax; pop %%rax; call *%%rax\n"
			 "mov $60, %%eax; xor %%edi, %%edi; syscall; hlt\n"
			 "1:"
			 : "=a"(result)
			 : "a"(SYS_clone), "D"(flags), "S"(top), "d"(&parent_tid), "r"(child_tid),
			   "r"(tls)
			 : "rcx", "r11", "memory");
	return result;
}

static void join(volatile uint32_t *mark)
{
	while (*mark)
		futex((uint32_t *)mark, FUTEX_WAIT, 1, NULL, NULL, 0);
}

static void wait_on_word(void)
{
	long result = syscall(SYS_futex, &word, FUTEX_WAIT, 0, 0, 0, 0);
	woken += result == 0 ? 1 : 100;
}

/* Does `operation` until it has found the waiter, which may take its time to begin waiting. */
static long until_found(int operation)
{
	struct timespec little = {0, 1000000};
	long found;
	while (!(found = futex(&word, operation, operation == FUTEX_WAKE, (void *)1, &other, 0)))
		nanosleep(&little, NULL);
	return found;
}

/* A thread that has been joined is gone for its number only a little later. */
static int is_gone(long tid)
{
	struct timespec little = {0, 1000000};
	while (!syscall(SYS_tgkill, getpid(), tid, 0))
		nanosleep(&little, NULL);
	return errno == ESRCH;
}

static void waiting(void)
{
	long tid = spawn(THREAD | CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID, wait_on_word, alive);
	SHOW(tid > 0 && tid == (long)parent_tid && tid != getpid());
	SHOW(syscall(SYS_tgkill, getpid(), tid, 0));
	SHOW(until_found(FUTEX_WAKE));
	join(alive);
	SHOW(is_gone(tid));
	SHOW(woken);
	/* moved from one word to the other, then woken there */
	spawn(THREAD | CLONE_CHILD_CLEARTID, wait_on_word, alive);
	SHOW(until_found(FUTEX_CMP_REQUEUE));
	SHOW(futex(&word, FUTEX_WAKE, 5, NULL, NULL, 0));
	SHOW(futex(&other, FUTEX_WAKE, 5, NULL, NULL, 0));
	join(alive);
	SHOW(woken);
}

static void wait_for_bits(void)
{
	long result = syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 0, 0, 0, 5);
	woken += result == 0 ? 1 : 100;
}

/*
 * One of several is woken at a time; who waits for other bits sleeps on. That all wait is certain
 * once they have been moved.
 */
static void several(void)
{
	woken = 0;
	for (int i = 0; i < 3; i++) {
		spawn(THREAD | CLONE_CHILD_CLEARTID, wait_on_word, &alive[i]);
		SHOW(until_found(FUTEX_CMP_REQUEUE));
	}
	SHOW(futex(&other, FUTEX_WAKE, 1, NULL, NULL, 0));
	SHOW(futex(&other, FUTEX_WAKE, -1, NULL, NULL, 0)); /* "none" and less wake one as well */
	SHOW(futex(&other, FUTEX_WAKE, 0, NULL, NULL, 0));
	SHOW(futex(&other, FUTEX_WAKE, 5, NULL, NULL, 0));
	for (int i = 0; i < 3; i++)
		join(&alive[i]);
	SHOW(woken);
	spawn(THREAD | CLONE_CHILD_CLEARTID, wait_for_bits, alive);
	SHOW(until_found(FUTEX_CMP_REQUEUE));
	SHOW(futex(&other, FUTEX_WAKE_BITSET, 5, NULL, NULL, 2));
	SHOW(futex(&word, FUTEX_WAKE_BITSET, 5, NULL, NULL, 4));
	SHOW(futex(&other, FUTEX_WAKE_BITSET, 5, NULL, NULL, 6));
	join(alive);
	SHOW(woken);
}

static void refused(void)
{
	struct clone3 args = {.flags = THREAD};
	SHOW(syscall(SYS_clone, CLONE_THREAD, 0, 0, 0, 0));
	SHOW(syscall(SYS_clone, CLONE_SIGHAND, 0, 0, 0, 0));
	SHOW(syscall(SYS_clone, THREAD | CLONE_SETTLS, 0, 0, 0, 0xffff888000000000));
	SHOW(syscall(SYS_CLONE3, &args, 8));
	SHOW(syscall(SYS_CLONE3, &args, 100000));
	SHOW(syscall(SYS_CLONE3, 0x1000, sizeof(args)));
	args.exit_signal = SIGCHLD;
	SHOW(syscall(SYS_CLONE3, &args, sizeof(args)));
	args.exit_signal = 0;
	args.stack = 0x1000;
	SHOW(syscall(SYS_CLONE3, &args, sizeof(args)));
	args.stack = 0;
	args.flags |= SIGCHLD;
	SHOW(syscall(SYS_CLONE3, &args, sizeof(args)));
}

int main(void)
{
	errors();
	waiting();
	several();
	refused();
	return 0;
}
