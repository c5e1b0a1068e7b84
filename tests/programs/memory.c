/* mmap, munmap, mprotect, mremap, madvise: edges and errors. */
#include "show.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>

#define PAGE	4096ul
#define RW	(PROT_READ | PROT_WRITE)
#define PRIVATE (MAP_PRIVATE | MAP_ANONYMOUS)

static char *base; /* 16 pages to play in */

static void *map(void *at, size_t length, int prot, int flags)
{
	void *got = (void *)syscall(SYS_mmap, at, length, prot, flags, -1, 0);
	return got;
}

/* Where a mapping came to lie, as an offset from base. */
static void show_place(const char *what, void *got)
{
	if (got == MAP_FAILED)
		show(what, -1);
	else
		printf("%s: base + %td\n", what, (char *)got - base);
}
#define PLACE(expression) show_place(#expression, expression)

static void mappings(void)
{
	SHOW(syscall(SYS_mmap, 0, 0, RW, PRIVATE, -1, 0));
	SHOW(syscall(SYS_mmap, 0, PAGE, RW, MAP_ANONYMOUS, -1, 0));
	SHOW(syscall(SYS_mmap, 0, PAGE, RW, PRIVATE, -1, 1));
	SHOW(syscall(SYS_mmap, 0, -1ul, RW, PRIVATE, -1, 0));
	SHOW(syscall(SYS_mmap, 0, 1ul << 47, RW, PRIVATE, -1, 0));
	SHOW(syscall(SYS_mmap, base + 1, PAGE, RW, PRIVATE | MAP_FIXED, -1, 0));
	SHOW(syscall(SYS_mmap, 0x800000000000, PAGE, RW, PRIVATE | MAP_FIXED, -1, 0));
	SHOW(syscall(SYS_mmap, 0x7fffffffe000, 4 * PAGE, RW, PRIVATE | MAP_FIXED, -1, 0));
	SHOW(syscall(SYS_mmap, 0xffff888000000000, PAGE, RW, PRIVATE | MAP_FIXED, -1, 0));
	SHOW(syscall(SYS_mmap, 0, PAGE, RW, MAP_PRIVATE, -1, 0));
	SHOW(syscall(SYS_mmap, 0, PAGE, RW, MAP_PRIVATE, 999, 0));
	PLACE(map(base + PAGE, PAGE, RW, PRIVATE | MAP_FIXED));
	PLACE(map(base + PAGE, PAGE, RW, PRIVATE | MAP_FIXED_NOREPLACE));
	PLACE(map(base, 2 * PAGE, RW, PRIVATE | MAP_FIXED_NOREPLACE));
	munmap(base + 4 * PAGE, PAGE);
	PLACE(map(base + 4 * PAGE, PAGE, RW, PRIVATE | MAP_FIXED_NOREPLACE));
	munmap(base + 4 * PAGE, PAGE);
	PLACE(map(base + 4 * PAGE, PAGE, RW, PRIVATE)); /* a hint */
	SHOW(map(base + 4 * PAGE, PAGE, RW, PRIVATE) != base + 4 * PAGE);
	strcpy(base + 5 * PAGE, "here");
	PLACE(map(base + 5 * PAGE, PAGE, RW, PRIVATE | MAP_FIXED));
	SHOW(base[5 * PAGE]);
	char *shared = map(NULL, 3 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE);
	shared[2 * PAGE] = 5;
	SHOW(shared[2 * PAGE] + shared[0]);
	/*
	 * the last page that Linux gives: 4 KiB below the 47-bit limit nothing is mapped, the one
	 * before may be
	 */
	char *last = map((void *)0x7fffffffe000, PAGE, RW, PRIVATE | MAP_FIXED);
	SHOW(last == (char *)0x7fffffffe000);
	last[PAGE - 1] = 9;
	SHOW(last[PAGE - 1]);
	SHOW(munmap(last, PAGE));
	uint64_t *huge = map(NULL, 1ul << 40, PROT_NONE, PRIVATE | MAP_NORESERVE);
	SHOW(huge != MAP_FAILED);
	SHOW(mprotect((char *)huge + (1ul << 39), PAGE, RW));
	huge[1ul << 36] = 42;
	SHOW(huge[1ul << 36]);
	SHOW(munmap(huge, 1ul << 40));
}

static void unmappings(void)
{
	SHOW(munmap(base + 1, PAGE));
	SHOW(munmap(base, 0));
	SHOW(munmap((void *)0x800000000000, PAGE));
	SHOW(munmap(base, -PAGE));
	SHOW(munmap(base + 6 * PAGE, PAGE));
	SHOW(munmap(base + 6 * PAGE, PAGE));
	SHOW(munmap(base + 5 * PAGE, 3 * PAGE));
	SHOW(munmap(base + 8 * PAGE, 1));
	SHOW(syscall(SYS_access, base + 8 * PAGE, 0));
	PLACE(map(base + 5 * PAGE, 4 * PAGE, RW, PRIVATE | MAP_FIXED));
}

static void protections(void)
{
	SHOW(mprotect(base + 1, PAGE, RW));
	SHOW(mprotect(base, 0, RW));
	SHOW(mprotect(base, PAGE, 0x1000));
	SHOW(mprotect((void *)0x7fff00000000, 0x1000, RW));
	SHOW(mprotect(base, -PAGE, RW));
	munmap(base + 3 * PAGE, PAGE);
	SHOW(mprotect(base + 2 * PAGE, 3 * PAGE, PROT_READ));
	SHOW(syscall(SYS_uname, base + 2 * PAGE)); /* the page before the hole changed */
	SHOW(syscall(SYS_uname, base + 4 * PAGE)); /* the one behind did not */
	PLACE(map(base + 3 * PAGE, PAGE, RW, PRIVATE | MAP_FIXED));
	SHOW(mprotect(base + 2 * PAGE, 3 * PAGE, RW));
	strcpy(base + 2 * PAGE, "kept");
	SHOW(mprotect(base + 2 * PAGE, PAGE, PROT_NONE));
	SHOW(write(1, base + 2 * PAGE, 4));
	SHOW(mprotect(base + 2 * PAGE, PAGE, PROT_READ));
	printf("%s\n", base + 2 * PAGE);
	SHOW(mprotect(base, 16 * PAGE, RW));
	/* code made at run time: mov $42, %eax; ret */
	memcpy(base, "\xb8\x2a\0\0\0\xc3", 6);
	SHOW(mprotect(base, PAGE, PROT_READ | PROT_EXEC));
	SHOW(((int (*)(void))base)());
	SHOW(mprotect(base, PAGE, RW | PROT_EXEC));
	base[1] = 43;
	SHOW(((int (*)(void))base)());
}

static void *remap(void *at, size_t old, size_t new, int flags, void *to)
{
	return (void *)syscall(SYS_mremap, at, old, new, flags, to);
}

static void remappings(void)
{
	PLACE(remap(base + 1, PAGE, PAGE, 0, NULL));
	PLACE(remap(base, PAGE, 0, 0, NULL));
	PLACE(remap(base, PAGE, 2 * PAGE, 0x10, NULL));
	PLACE(remap(base, PAGE, 2 * PAGE, MREMAP_FIXED, base));
	PLACE(remap((void *)0x7fff00000000, PAGE, 2 * PAGE, MREMAP_MAYMOVE, NULL));
	PLACE(remap(base, PAGE, 2 * PAGE, 0, NULL)); /* in the way of the next one */
	strcpy(base + 10 * PAGE, "tenth");
	strcpy(base + 11 * PAGE, "eleventh");
	PLACE(remap(base + 10 * PAGE, 6 * PAGE, 2 * PAGE, 0, NULL));
	SHOW(syscall(SYS_access, base + 12 * PAGE, 0));
	PLACE(remap(base + 10 * PAGE, 2 * PAGE, 4 * PAGE, 0, NULL));
	printf("%s %s %d\n", base + 10 * PAGE, base + 11 * PAGE, base[13 * PAGE]);
	char *moved = remap(base + 10 * PAGE, 2 * PAGE, 64 * PAGE, MREMAP_MAYMOVE, NULL);
	SHOW(moved != MAP_FAILED && moved != base + 10 * PAGE);
	printf("%s %s %d\n", moved, moved + PAGE, moved[63 * PAGE]);
	SHOW(syscall(SYS_access, base + 10 * PAGE, 0));
	PLACE(remap(moved, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, base + 10 * PAGE));
	printf("%s %s\n", base + 10 * PAGE, base + 11 * PAGE);
	SHOW(syscall(SYS_access, moved, 0));
	PLACE(remap(base + 10 * PAGE, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		    base + 11 * PAGE));
	PLACE(remap(base + 10 * PAGE, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, base + 1));
	PLACE(remap(base + 10 * PAGE, 2 * PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		    base + 14 * PAGE));
	printf("%s\n", base + 14 * PAGE);
	SHOW(syscall(SYS_access, base + 11 * PAGE, 0));
	PLACE(map(base, 16 * PAGE, RW, PRIVATE | MAP_FIXED));
}

static void advice(void)
{
	base[0] = base[PAGE] = 77;
	SHOW(madvise(base, PAGE, MADV_DONTNEED));
	SHOW(base[0] * 1000 + base[PAGE]);
	SHOW(madvise(base + 1, PAGE, MADV_DONTNEED));
	SHOW(madvise(base, PAGE, 9999));
	SHOW(madvise(base, 0, MADV_DONTNEED));
	munmap(base + 2 * PAGE, PAGE);
	SHOW(madvise(base, 4 * PAGE, MADV_DONTNEED));
	SHOW(base[PAGE]);
	SHOW(madvise(base, 4 * PAGE, MADV_WILLNEED));
	SHOW(madvise(base, PAGE, MADV_NOHUGEPAGE) == 0 || errno == EINVAL);
	PLACE(map(base + 2 * PAGE, PAGE, RW, PRIVATE | MAP_FIXED));
}

static void file_mappings(void)
{
	int fd = open("folder/long", O_RDONLY);
	char *file = mmap(NULL, 4 * PAGE, RW, MAP_PRIVATE, fd, 0);
	SHOW(file != MAP_FAILED);
	printf("%c%c%d\n", file[0], file[9999], file[10000]);
	file[1] = 'Y'; /* a copy of its own */
	char again[2];
	SHOW(pread(fd, again, 2, 0));
	printf("%.2s\n", again);
	SHOW(madvise(file, PAGE, MADV_DONTNEED));
	printf("%.2s\n", file);
	SHOW(write(1, file + 3 * PAGE, 1)); /* behind the file's last page */
	char *second = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 2 * PAGE);
	printf("%c %d\n", second[0], second[10000 - 2 * PAGE]);
	SHOW(mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0) == MAP_FAILED);
	SHOW(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 100) == MAP_FAILED);
	SHOW(close(fd));
	printf("%c\n", file[5000]);
}

int main(void)
{
	base = map(NULL, 64 * PAGE, RW, PRIVATE);
	munmap(base + 16 * PAGE, 48 * PAGE);
	mappings();
	unmappings();
	protections();
	remappings();
	advice();
	file_mappings();
	return 0;
}
