/*
 * Every system call that the core promises, with each argument in turn taken from every class of bad (and some good) values while
 * the others are good: one line a call and value, the same on every Linux.
 */
#include "show.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#include "errors_values.h"

static const struct call {
	const char *name;
	long number;
	const char *kinds;
	unsigned long arguments[6];
} calls[] = {
    {"read", SYS_read, "dpz", {TEXT, BUFFER, 8}},
    {"write", SYS_write, "-p-", {1, BUFFER, 0}},
    {"write to text", SYS_write, "dpz", {TEXT, BUFFER, 8}},
    {"open", SYS_open, "pf-", {BUFFER, 0, 0}},
    {"close", SYS_close, "d", {99}},
    {"stat", SYS_stat, "pp", {BUFFER, BUFFER}},
    {"fstat", SYS_fstat, "dp", {TEXT, BUFFER}},
    {"lstat", SYS_lstat, "pp", {BUFFER, BUFFER}},
    {"lseek", SYS_lseek, "dzn", {TEXT, 1, 0}},
    {"mmap, anonymous", SYS_mmap, "-lff-p", {0, PAGE, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1ul, 0}},
    {"mmap, file", SYS_mmap, "-lffdl", {0, PAGE, 1, MAP_PRIVATE, TEXT, 0}},
    {"brk", SYS_brk, "--", {0}},
    {"mprotect", SYS_mprotect, "--f", {AREA, PAGE, 1}},
    {"rt_sigaction", SYS_rt_sigaction, "sppz", {SIGUSR1, 0, BUFFER, 8}},
    {"rt_sigaction of SIGKILL", SYS_rt_sigaction, "npp-", {SIGKILL, BUFFER, 0, 8}},
    {"rt_sigprocmask", SYS_rt_sigprocmask, "nppz", {0, BUFFER, 0, 8}},
    {"rt_sigprocmask, query", SYS_rt_sigprocmask, "n-pz", {0, 0, BUFFER, 8}},
    {"ioctl", SYS_ioctl, "dnp", {TEXT, 100, BUFFER}},
    {"pread64", SYS_pread64, "dpzz", {TEXT, BUFFER, 8, 0}},
    {"readv", SYS_readv, "dpz", {TEXT, BUFFER, 1}},
    {"writev", SYS_writev, "-pz", {1, BUFFER, 1}},
    {"access", SYS_access, "pf", {BUFFER, 0}},
    {"mremap", SYS_mremap, "---f", {AREA, PAGE, PAGE, 0}},
    {"dup", SYS_dup, "d", {TEXT}},
    {"dup2", SYS_dup2, "dN", {TEXT, 40}},
    {"dup3", SYS_dup3, "dNf", {TEXT, 40, 0}},
    {"nanosleep", SYS_nanosleep, "pp", {BUFFER, BUFFER}},
    {"getitimer", SYS_getitimer, "np", {0, BUFFER}},
    {"setitimer", SYS_setitimer, "npp", {0, BUFFER, BUFFER}},
    {"kill", SYS_kill, "is", {0, 0}},
    {"uname", SYS_uname, "p", {BUFFER}},
    {"fcntl", SYS_fcntl, "dnz", {TEXT, 1, 0}},
    {"getcwd", SYS_getcwd, "pz", {BUFFER, PAGE}},
    {"readlink", SYS_readlink, "ppz", {BUFFER, BUFFER, 8}},
    {"gettimeofday", SYS_gettimeofday, "pp", {BUFFER, BUFFER}},
    {"getrlimit", SYS_getrlimit, "np", {0, BUFFER}},
    {"getrusage", SYS_getrusage, "np", {0, BUFFER}},
    {"sysinfo", SYS_sysinfo, "p", {BUFFER}},
    {"rt_sigpending", SYS_rt_sigpending, "pz", {BUFFER, 8}},
    {"rt_sigtimedwait", SYS_rt_sigtimedwait, "ppqz", {BUFFER, BUFFER, BUFFER, 8}},
    {"rt_sigqueueinfo", SYS_rt_sigqueueinfo, "isp", {0, 0, BUFFER}},
    {"rt_tgsigqueueinfo", SYS_rt_tgsigqueueinfo, "iisp", {0x3ffffff, 0x3ffffff, 0, BUFFER}},
    {"rt_sigsuspend", SYS_rt_sigsuspend, "pz", {0, 0}},
    {"sigaltstack", SYS_sigaltstack, "pp", {0, BUFFER}},
    {"sched_getparam", SYS_sched_getparam, "ip", {0, BUFFER}},
    {"sched_setscheduler", SYS_sched_setscheduler, "inp", {0, 0, BUFFER}},
    {"sched_getscheduler", SYS_sched_getscheduler, "i", {0}},
    {"sched_get_priority_max", SYS_sched_get_priority_max, "n", {0}},
    {"sched_get_priority_min", SYS_sched_get_priority_min, "n", {0}},
    {"arch_prctl, get", SYS_arch_prctl, "-p", {0x1003, BUFFER}},
    {"arch_prctl", SYS_arch_prctl, "n-", {0, 0}},
    {"tkill", SYS_tkill, "is", {0x3ffffff, 0}},
    {"tgkill", SYS_tgkill, "iis", {0x3ffffff, 0x3ffffff, 0}},
    {"time", SYS_time, "p", {BUFFER}},
    {"futex, operation", SYS_futex, "pn-", {BUFFER, 1, 1}},
    {"futex, wait", SYS_futex, "p-np", {BUFFER, 0, 1, BUFFER}},
    {"futex, wait privately", SYS_futex, "p-np", {BUFFER, 128, 1, BUFFER}},
    {"futex, wait for bits", SYS_futex, "p-np-n", {BUFFER, 9, 1, BUFFER, 0, 1}},
    {"futex, wake", SYS_futex, "p-n", {BUFFER, 1, 1}},
    {"futex, wake privately", SYS_futex, "p-n", {BUFFER, 129, 1}},
    {"futex, wake bits", SYS_futex, "p-n--n", {BUFFER, 10, 1, 0, 0, 1}},
    {"futex, wake bits privately", SYS_futex, "p-n--n", {BUFFER, 138, 1, 0, 0, 1}},
    {"futex, requeue", SYS_futex, "p-nnp-", {BUFFER, 3, 1, 1, BUFFER + 4}},
    {"futex, requeue privately", SYS_futex, "p-nnp-", {BUFFER, 131, 1, 1, BUFFER + 4}},
    {"futex, compare and requeue", SYS_futex, "p-nnpn", {BUFFER, 4, 1, 1, BUFFER + 4, 0}},
    {"futex, compare and requeue privately",
     SYS_futex,
     "p-nnpn",
     {BUFFER, 132, 1, 1, BUFFER + 4, 0}},
    {"futex by the clock of day", SYS_futex, "pn-p", {BUFFER, 256, 1, BUFFER}},
    {"sched_setaffinity", SYS_sched_setaffinity, "izp", {0, 0, BUFFER}},
    {"sched_getaffinity", SYS_sched_getaffinity, "izp", {0, 128, BUFFER}},
    {"clock_gettime", SYS_clock_gettime, "np", {1, BUFFER}},
    {"clock_getres", SYS_clock_getres, "np", {1, BUFFER}},
    {"clock_nanosleep", SYS_clock_nanosleep, "nfpp", {1, 0, BUFFER, BUFFER}},
    {"openat", SYS_openat, "dpf-", {TEXT, BUFFER, 0, 0}},
    {"newfstatat", SYS_newfstatat, "dppf", {TEXT, BUFFER, BUFFER, 0x1000}},
    {"readlinkat", SYS_readlinkat, "dppz", {TEXT, BUFFER, BUFFER, 8}},
    {"faccessat", SYS_faccessat, "dpf", {TEXT, BUFFER, 0}},
    {"set_robust_list", SYS_set_robust_list, "-z", {0, 24}},
    {"get_robust_list", SYS_get_robust_list, "ipp", {0, BUFFER, BUFFER + 8}},
    {"prlimit64", SYS_prlimit64, "in-p", {0, 0, 0, BUFFER}},
    {"prlimit64, new", SYS_prlimit64, "--p-", {0, 3, 0, 0}},
    {"getcpu", SYS_getcpu, "ppp", {BUFFER, BUFFER, 0}},
    {"getrandom", SYS_getrandom, "pzf", {BUFFER, 8, 0}},
    {"clone3", SYS_clone3, "-z", {0, 64}},
};

static unsigned long calls_made;

/* The area as it is at the start of every call, and no descriptors but those of the start. */
static void prepare(void)
{
	munmap((void *)(AREA - 4 * PAGE), 16 * PAGE);
	mmap((void *)AREA, 4 * PAGE, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	dup2(KEPT, TEXT);
	lseek(TEXT, 0, SEEK_SET);
	for (int fd = TEXT + 1; fd < KEPT; fd++)
		close(fd);
}

/* What a call gives in numbers is its own but for these. */
static int gives_count(long number)
{
	return number == SYS_read || number == SYS_pread64 || number == SYS_readv ||
	       number == SYS_lseek || number == SYS_getrandom || number == SYS_futex ||
	       number == SYS_write || number == SYS_writev;
}

/* One result of a line: the error's number, or that there was none. */
static void word(const char *what, long number, long result)
{
	calls_made++;
	printf("; %s ", what);
	if (result == -1)
		printf("E%d", errno);
	else if (gives_count(number))
		printf("%ld", result);
	else
		printf("ok");
}

static void try(const struct call *call)
{
	for (int at = 0; call->kinds[at]; at++) {
		if (list_of(call->kinds[at]))
			printf("%s, argument %d", call->name, at + 1);
		for (const struct value *value = list_of(call->kinds[at]); value && value->name;
		     value++) {
			unsigned long a[6];
			memcpy(a, call->arguments, sizeof(a));
			a[at] = value->value;
			prepare();
			long result = syscall(call->number, a[0], a[1], a[2], a[3], a[4], a[5]);
			word(value->name, call->number, result);
		}
		if (list_of(call->kinds[at]))
			puts("");
	}
}

/* Whether it would take the program's own memory: madvise does not mind where a range ends. */
static int takes_all(long number, unsigned long address, unsigned long length)
{
	if (number == SYS_mmap || length <= 8 * PAGE || address % PAGE || address >= 0x7fffffffd000)
		return 0;
	return number == SYS_madvise ? address + length >= address : length <= 0x800000000000;
}

/* Calls on memory: every address with every length. `base` has the other arguments. */
static void try_memory(const char *name, long number, const unsigned long base[6])
{
	for (const struct value *address = addresses; address->name; address++) {
		printf("%s, %s", name, address->name);
		for (const struct value *length = lengths; length->name; length++) {
			if (takes_all(number, address->value, length->value))
				continue;
			prepare();
			long result = syscall(number, address->value, length->value, base[2],
					      base[3], base[4], base[5]);
			if (number == SYS_mmap && result != -1)
				munmap((void *)result, length->value);
			word(length->name, number, result);
		}
		puts("");
	}
}

static void memory(void)
{
	static const unsigned long none[6];
	char name[40];
	try_memory("munmap", SYS_munmap, none);
	for (unsigned long prot = 0; prot < 32; prot = prot * 2 + 1)
		try_memory("mprotect", SYS_mprotect, (const unsigned long[6]){0, 0, prot});
	for (unsigned long advice = 0; advice < 27; advice++) {
		snprintf(name, sizeof(name), "madvise %lu", advice);
		try_memory(name, SYS_madvise, (const unsigned long[6]){0, 0, advice});
	}
	try_memory("madvise 99", SYS_madvise, (const unsigned long[6]){0, 0, 99});
	try_memory("madvise -1", SYS_madvise, (const unsigned long[6]){0, 0, -1ul});
	try_memory("mmap, fixed", SYS_mmap,
		   (const unsigned long[6]){
		       0, 0, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1ul, 0});
	try_memory("mmap, anywhere", SYS_mmap,
		   (const unsigned long[6]){0, 0, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1ul, 0});
}

/* MAP_FIXED takes what it gets: only where nothing of the program's is. */
static void fixed(void)
{
	static const unsigned long places[] = {0,
					       1,
					       AREA + 1,
					       LATER + 1,

					       0x7ffffffff001,
					       0x800000000000,
					       0x800000000001,
					       0xffff800000000000,
					       0xffff800000000001,
					       -PAGE,
					       -1ul};
	static const unsigned long sizes[] = {0, 1, PAGE, 2 * PAGE, 0x800000000000, -PAGE, -1ul};
	char what[32];
	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		printf("mmap, MAP_FIXED, %lx", places[i]);
		for (unsigned j = 0; j < sizeof(sizes) / sizeof(sizes[0]); j++) {
			prepare();
			long result = syscall(SYS_mmap, places[i], sizes[j], 3,
					      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
			if (result != -1)
				munmap((void *)result, sizes[j]);
			snprintf(what, sizeof(what), "%lx", sizes[j]);
			word(what, SYS_mmap, result);
		}
		puts("");
	}
}

/* mremap from one place to another, by every flag. */
static void remap_by_flags(unsigned long from, unsigned long old, unsigned long new)
{
	static const unsigned long to[] = {AREA, AREA + 8 * PAGE, LATER + 1, 0x800000000000, -PAGE};
	char what[32];
	printf("mremap %lx, %lx to %lx", from, old, new);
	for (unsigned flags = 0; flags < 8; flags++)
		for (unsigned t = 0; t < sizeof(to) / sizeof(to[0]); t++) {
			if (t && !(flags & MREMAP_FIXED))
				continue;
			prepare();
			long result = syscall(SYS_mremap, from, old, new, flags, to[t]);
			if (result != -1)
				munmap((void *)result, new);
			snprintf(what, sizeof(what), "%u at %lx", flags, to[t]);
			word(what, SYS_mremap, result);
		}
	puts("");
}

static void remap(void)
{
	static const unsigned long from[] = {AREA,  AREA + PAGE,    AREA + 1,
					     LATER, 0x800000000000, -PAGE};
	static const unsigned long sizes[] = {0,     1,	  4 * PAGE, 5 * PAGE, 0x800000000000,
					      -PAGE, -1ul};
	for (unsigned f = 0; f < sizeof(from) / sizeof(from[0]); f++)
		for (unsigned o = 0; o < sizeof(sizes) / sizeof(sizes[0]); o++)
			for (unsigned n = 0; n < sizeof(sizes) / sizeof(sizes[0]); n++)
				remap_by_flags(from[f], sizes[o], sizes[n]);
}

int main(void)
{
	static char buffer[1 << 16];
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	dup2(open("text", O_RDONLY), KEPT);
	for (unsigned i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		try(&calls[i]);
	memory();
	fixed();
	remap();
	printf("%lu calls\n", calls_made);
	return 0;
}
