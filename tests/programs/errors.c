/*
 * Every system call that the core promises, with each argument in turn taken from every class of
 * bad (and some good) values while the others are good: one line a call and value, the same on
 * every Linux.
 */
#include "show.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#include "errors_calls.h"
#include "errors_values.h"

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
	ftruncate(SCRATCH, 0);
	lseek(SCRATCH, 0, SEEK_SET);
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

/* Files to be read and written without waiting: what they say is always the same. */
static void more_descriptors(void)
{
	char name[] = "/tmp/errors.XXXXXX";
	int ends[2], file = mkstemp(name);
	unlink(name);
	dup2(file, SCRATCH);
	pipe2(ends, O_NONBLOCK);
	dup2(ends[0], PIPE);
	dup2(ends[1], PIPE + 1);
	dup2(eventfd(0, EFD_NONBLOCK), EVENT);
	dup2(epoll_create1(0), EPOLL);
	for (int fd = TEXT; fd < KEPT; fd++)
		close(fd);
}

int main(void)
{
	static char buffer[1 << 16];
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	dup2(open("text", O_RDONLY), KEPT);
	more_descriptors();
	for (unsigned i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		try(&calls[i]);
	memory();
	fixed();
	remap();
	printf("%lu calls\n", calls_made);
	return 0;
}
