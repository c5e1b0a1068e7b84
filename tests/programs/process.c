/* Who the program is: numbers, limits, names, randomness, brk, unknown system calls. */
#include "show.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

enum {
	ARCH_SET_GS = 0x1001,
	ARCH_SET_FS,
	ARCH_GET_FS,
	ARCH_GET_GS
}; /* musl has no header for them */

static void numbers(void)
{
	SHOW(getpid() == syscall(SYS_gettid));
	SHOW(getppid() >= 0);
	SHOW(getpid() > 1);
	SHOW(getuid() == geteuid());
	SHOW(getgid() == getegid());
	SHOW(syscall(SYS_set_tid_address, 0) == getpid());
	SHOW(getauxval(AT_PAGESZ));
	SHOW(getauxval(AT_CLKTCK));
	SHOW(getauxval(AT_SECURE));
	SHOW(getauxval(AT_PHENT));
	SHOW(getauxval(AT_ENTRY) != 0);
	printf("%s\n", (char *)getauxval(AT_PLATFORM));
	SHOW(syscall(SYS_set_robust_list, 0, 23));
	SHOW(syscall(SYS_set_robust_list, 0, 24));
}

/* The number is 32 bits of EAX, whatever stands above; the x32 bit belongs to it. */
static long raw(unsigned long number)
{
	long result;
	__asm__ volatile("syscall" : "=a"(result) : "a"(number) : "rcx", "r11", "memory");
	return result;
}

static void unknown(void)
{
	printf("upper half: %d\n", raw(0x1234567800000000 | SYS_getpid) == getpid());
	printf("-1: %ld\n", raw(0xffffffff));
	printf("-1, 64 bits: %ld\n", raw(-1));
	printf("511: %ld\n", raw(511));
	printf("512: %ld\n", raw(512));
	printf("x32 bit: %ld\n", raw(0x40000000 | 511));
	printf("sign bit: %ld\n", raw(0x80000000 | SYS_getpid));
	printf("INT_MAX: %ld\n", raw(0x7fffffff));
}

static void limits(void)
{
	struct rlimit limit = {1, 0};
	SHOW(prlimit(0, RLIMIT_STACK, NULL, &limit));
	SHOW(limit.rlim_cur > 0);
	limit.rlim_cur = 2;
	limit.rlim_max = 1;
	SHOW(prlimit(0, RLIMIT_CORE, &limit, NULL));
	SHOW(prlimit(0, 99, NULL, &limit));
	SHOW(prlimit(999999, RLIMIT_CORE, NULL, &limit));
	limit.rlim_cur = limit.rlim_max = 0;
	SHOW(setrlimit(RLIMIT_CORE, &limit));
	limit.rlim_cur = 5;
	SHOW(getrlimit(RLIMIT_CORE, &limit));
	SHOW(limit.rlim_cur);
}

static void others(void)
{
	struct utsname names;
	struct sysinfo info;
	cpu_set_t cpus;
	unsigned char random[64] = {0};
	int different = 0;
	memset(&names, 0xff, sizeof(names));
	SHOW(uname(&names));
	SHOW(memchr(names.nodename, 0, sizeof(names.nodename)) != NULL);
	SHOW(memchr(names.release, 0, sizeof(names.release)) > (void *)names.release);
	SHOW(memchr(names.version, 0, sizeof(names.version)) > (void *)names.version);
	SHOW(memchr((char *)&names + 5 * sizeof(names.sysname), 0, sizeof(names.sysname)) != NULL);
	printf("%s %s\n", names.sysname, names.machine);
	SHOW(sysinfo(&info));
	SHOW(info.totalram > 0 && info.freeram <= info.totalram);
	SHOW(sched_getaffinity(0, sizeof(cpus), &cpus));
	SHOW(syscall(SYS_sched_getaffinity, 0, 3, &cpus));
	SHOW(syscall(SYS_sched_getaffinity, 999999, 128, &cpus));
	SHOW(getrandom(random, sizeof(random), 0));
	for (int i = 1; i < 64; i++)
		different += random[i] != random[0];
	SHOW(different > 50);
	SHOW(getrandom(random, 10, 77));
	SHOW(getrandom(random, 0, 0));
}

static void segments(void)
{
	unsigned long base = 0;
	SHOW(syscall(SYS_arch_prctl, ARCH_SET_GS, 0x123456789000));
	SHOW(syscall(SYS_arch_prctl, ARCH_GET_GS, &base));
	printf("%lx\n", base);
	SHOW(syscall(SYS_arch_prctl, ARCH_SET_GS, 0xffff888000000000));
	SHOW(syscall(SYS_arch_prctl, ARCH_SET_GS, 0x800000000000));
	SHOW(syscall(SYS_arch_prctl, ARCH_SET_FS, 0x900000000000));
	SHOW(syscall(SYS_arch_prctl, 0x9999, 0));
	SHOW(syscall(SYS_arch_prctl, ARCH_SET_GS, 0));
}

static void breaks(void)
{
	char *start = (char *)syscall(SYS_brk, 0);
	SHOW(syscall(SYS_brk, start + 10000) == (long)start + 10000);
	start[9999] = 1;
	SHOW(syscall(SYS_brk, start + 5000) == (long)start + 5000);
	SHOW(syscall(SYS_brk, start + 10000) == (long)start + 10000);
	SHOW(start[9999]); /* pages given back come again as zeros */
	SHOW(syscall(SYS_brk, 1) == (long)start + 10000);
	SHOW(syscall(SYS_brk, -1) == (long)start + 10000);
	SHOW(syscall(SYS_brk, start) == (long)start);
}

int main(void)
{
	numbers();
	unknown();
	limits();
	others();
	segments();
	breaks();
	exit(300);
}
