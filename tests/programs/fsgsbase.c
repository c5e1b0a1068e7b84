/*
 * FSGSBASE in ring 3, as Linux has it since 5.9: AT_HWCAP2 says so, ring 3 sets any base, the
 * kernel's too, and a base stays as it is over all that comes in between, apart from its selector.
 */
#include "show.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>

enum { HWCAP2_FSGSBASE = 2, DATA = 0x2b, ARCH_GET_FS = 0x1003, ARCH_GET_GS };
enum { POSITIVE, NEGATIVE, OF_KERNEL, BASES };

static const uint64_t bases[BASES] = {0x123456789000, UINT64_MAX - 4095, 0xffff888000001000};
static uint64_t in_handler;

#define READER(name)                                                                               \
	static uint64_t name(void)                                                                 \
	{                                                                                          \
		uint64_t base;                                                                     \
		__asm__ volatile(#name " %0" : "=r"(base));                                        \
		return base;                                                                       \
	}
READER(rdfsbase)
READER(rdgsbase)

static void wrgsbase(uint64_t base)
{
	__asm__ volatile("wrgsbase %0" : : "r"(base) : "memory");
}

static unsigned gs(void)
{
	uint16_t selector;
	__asm__ volatile("mov %%gs, %0" : "=r"(selector));
	return selector;
}

static void handler(int signal)
{
	(void)signal;
	in_handler = rdgsbase();
	wrgsbase(0x5000);
}

/* What the other thread leaves in GS is none of the first one's. */
static void *other(void *nothing)
{
	printf("another thread: base %lx, selector %x\n", rdgsbase(), gs());
	for (int i = 0; i < 20; i++) {
		wrgsbase(0x7000 + i);
		sched_yield();
		if (rdgsbase() != 0x7000u + i)
			printf("another thread: base changed\n");
	}
	return nothing;
}

static void beside_another(uint64_t base)
{
	pthread_t thread;
	unsigned wrong = 0;

	pthread_create(&thread, NULL, other, NULL);
	wrgsbase(base);
	for (int i = 0; i < 20; i++) {
		sched_yield();
		wrong += rdgsbase() != base;
	}
	pthread_join(thread, NULL);
	printf("beside another thread: %u wrong, selector %x\n", wrong, gs());
}

static void keeps(const char *what, uint64_t base)
{
	if (rdgsbase() != base)
		printf("%s: %lx\n", what, rdgsbase());
}

/* A signal's handler has the base that was in use, and leaves its own behind, as on Linux. */
static void over_all_ways(uint64_t base)
{
	uint64_t told = 0;
	volatile char *page =
	    mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	wrgsbase(base);
	keeps("at once", base);
	syscall(SYS_getppid);
	keeps("after a system call", base);
	*page = 1;
	keeps("after a page fault", base);
	syscall(SYS_arch_prctl, ARCH_GET_GS, &told);
	printf("%lx: ARCH_GET_GS %lx", base, told);
	raise(SIGUSR1);
	printf(", in a handler %lx, after it %lx\n", in_handler, rdgsbase());
}

int main(void)
{
	uint64_t told = 0;

	if (!(getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE)) {
		printf("AT_HWCAP2 does not have FSGSBASE\n");
		return 1;
	}
	signal(SIGUSR1, handler);
	syscall(SYS_arch_prctl, ARCH_GET_FS, &told);
	printf("FS: %s\n", told == rdfsbase() ? "as ARCH_GET_FS" : "another");
	for (int i = 0; i < BASES; i++)
		over_all_ways(bases[i]);

	__asm__ volatile("mov %0, %%gs" : : "r"(DATA) : "memory");
	printf("loaded: base %lx\n", rdgsbase());
	wrgsbase(bases[POSITIVE]);
	printf("a base of its own: %lx, selector %x\n", rdgsbase(), gs());
	beside_another(bases[NEGATIVE]);
	return 0;
}
