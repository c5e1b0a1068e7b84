/*
 * Bad pointers to system calls: EFAULT wherever Linux says so, and parts of a transfer where Linux
 * gives those.
 */
#include "show.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>

#define PAGE 4096

static const struct {
	const char *name;
	unsigned long address;
} bad[] = {
    {"null", 0},
    {"low", 0x1000},
    {"last page but not mapped", 0x7fffffffe000},
    {"not canonical", 0x800000000000},
    {"not canonical, high", 0xffff7fffffffffff},
    {"kernel direct map", 0xffff888000000000},
    {"kernel stacks", 0xffffc90000000000},
    {"kernel entry area", 0xfffffe0000000000},
    {"kernel text", 0xffffffff80000000},
    {"all ones", 0xffffffffffffffff},
};

/* Calls with one pointer that the kernel must write or read, the pointer in place `at` (0 to 5). */
static const struct {
	const char *name;
	long number;
	int at;
	long arguments[6];
} calls[] = {
    {"read at the end", SYS_read, 1, {0, 0, 10}},
    {"write", SYS_write, 1, {1, 0, 10}},
    {"write nothing", SYS_write, 1, {1, 0, 0}},
    {"open", SYS_open, 0, {0}},
    {"openat", SYS_openat, 1, {AT_FDCWD}},
    {"stat path", SYS_stat, 0, {0}},
    {"fstat", SYS_fstat, 1, {1}},
    {"newfstatat", SYS_newfstatat, 1, {AT_FDCWD}},
    {"readv", SYS_readv, 1, {0, 0, 1}},
    {"writev", SYS_writev, 1, {1, 0, 1}},
    {"access", SYS_access, 0, {0}},
    {"readlink", SYS_readlink, 0, {0, 0, 10}},
    {"uname", SYS_uname, 0, {0}},
    {"sysinfo", SYS_sysinfo, 0, {0}},
    {"clock_gettime", SYS_clock_gettime, 1, {CLOCK_MONOTONIC}},
    {"gettimeofday", SYS_gettimeofday, 0, {0}},
    {"time", SYS_time, 0, {0}},
    {"prlimit new", SYS_prlimit64, 2, {0, 3}},
    {"prlimit old", SYS_prlimit64, 3, {0, 3}},
    {"getrandom", SYS_getrandom, 0, {0, 10}},
    {"sched_getaffinity", SYS_sched_getaffinity, 2, {0, 128}},
    {"arch_prctl get fs", SYS_arch_prctl, 1, {0x1003}},
};

static void all_calls(void)
{
	for (unsigned c = 0; c < sizeof(calls) / sizeof(calls[0]); c++) {
		for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
			long a[6];
			memcpy(a, calls[c].arguments, sizeof(a));
			a[calls[c].at] = bad[i].address;
			/* these take a null pointer for no pointer */
			if (!bad[i].address &&
			    (calls[c].number == SYS_gettimeofday || calls[c].number == SYS_time ||
			     calls[c].number == SYS_prlimit64))
				continue;
			printf("%s, ", calls[c].name);
			long result = syscall(calls[c].number, a[0], a[1], a[2], a[3], a[4], a[5]);
			show(bad[i].name, result);
		}
	}
}

/* A page followed by nothing: transfers that cross its end. */
static void across_pages(void)
{
	char *page =
	    mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(page + PAGE, PAGE);
	char *end = page + PAGE;
	int fd = open("folder/long", O_RDONLY);
	struct iovec parts[2] = {{page, 10}, {end - 5, 10}};
	strcpy(end - 5, "text"); /* terminated just before the end */
	SHOW(access(end - 5, F_OK));
	memcpy(end - 4, "text", 4);
	SHOW(access(end - 4, F_OK));
	SHOW(read(fd, end, 10));
	SHOW(read(fd, page, 10));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(readv(fd, (struct iovec *)(end - 8), 1));
	SHOW(syscall(SYS_uname, end - 100));
	SHOW(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, end - 8));
	SHOW(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, end - 16));
	SHOW(syscall(SYS_fstat, fd, end - 143));
	SHOW(syscall(SYS_fstat, fd, end - 144));
	mprotect(page, PAGE, PROT_READ);
	SHOW(read(fd, page, 10));
	SHOW(syscall(SYS_uname, page));
	mprotect(page, PAGE, PROT_NONE);
	SHOW(write(1, page, 10));
	SHOW(access(page, F_OK));
	mprotect(page, PAGE, PROT_READ | PROT_WRITE);
	parts[1].iov_base = (void *)0xffff888000000000;
	SHOW(readv(fd, parts, 2));
	SHOW(syscall(SYS_readv, fd, parts, -1));
	SHOW(syscall(SYS_readv, fd, parts, 1025));
	parts[1].iov_len = -1;
	SHOW(readv(fd, parts, 2));
	SHOW(lseek(fd, 0, SEEK_CUR));
}

int main(void)
{
	static char buffer[1 << 16];
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	all_calls();
	across_pages();
	return 0;
}
