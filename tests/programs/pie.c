/*
 * A program at an address of the kernel's choice: relocations, auxiliary vector, thread-local data,
 * RELRO, brk.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <link.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

extern const Elf64_Ehdr __ehdr_start;
void _start(void);

static int one(void)
{
	return 1;
}

static int two(void)
{
	return 2;
}

/* The loader of the program itself must have moved these. */
static int (*const functions[])(void) = {one, two, one};
static const char *const words[] = {"alpha", "beta", "gamma"};
static const char *const *const pointer = &words[1];
static _Thread_local int local = 42;
static _Thread_local char zeros[100];

static void show_headers(void)
{
	const char *base = (const char *)&__ehdr_start;
	const Elf64_Phdr *phdr = (const Elf64_Phdr *)getauxval(AT_PHDR);
	unsigned long lowest = ~0ul;

	printf("type %d, base %% page: %lu, base not 0: %d\n", __ehdr_start.e_type,
	       (unsigned long)((uintptr_t)base % 4096), base != NULL);
	printf("AT_PHDR right: %d\n", (const char *)phdr == base + __ehdr_start.e_phoff);
	printf("AT_PHNUM right: %d\n", getauxval(AT_PHNUM) == __ehdr_start.e_phnum);
	printf("AT_ENTRY right: %d\n", getauxval(AT_ENTRY) == (unsigned long)(uintptr_t)_start);
	printf("AT_BASE: %lu\n", getauxval(AT_BASE));
	for (unsigned i = 0; i < __ehdr_start.e_phnum; i++) {
		if (phdr[i].p_type == PT_LOAD && phdr[i].p_vaddr < lowest)
			lowest = phdr[i].p_vaddr;
		if (phdr[i].p_type == PT_INTERP)
			printf("an interpreter\n");
	}
	printf("lowest address in the file: %lu\n", lowest);
}

static int see(struct dl_phdr_info *info, size_t size, void *count)
{
	(void)size;
	++*(int *)count;
	printf("dl_iterate_phdr: the base %d, its headers %d\n",
	       info->dlpi_addr == (uintptr_t)&__ehdr_start,
	       (unsigned long)(uintptr_t)info->dlpi_phdr == getauxval(AT_PHDR));
	return 1;
}

static void refuse(int signal)
{
	static const char text[] = "relocated constants are read-only\n";

	(void)signal;
	(void)!write(STDOUT_FILENO, text, sizeof(text) - 1);
	_exit(5);
}

int main(int argc, char **argv)
{
	static int data = 7;
	int seen = 0;
	char *end;

	(void)argv;
	show_headers();
	dl_iterate_phdr(see, &seen);
	printf("functions: %d %d %d\n", functions[0](), functions[1](), functions[argc % 3]());
	printf("words: %s %s %s\n", words[0], *pointer, pointer[1]);
	printf("thread-local: %d, zeros %d, apart from data: %d\n", local, zeros[0] + zeros[99],
	       &local != &data);
	end = sbrk(0);
	printf("memory from there: %d\n", sbrk(100000) == end && memset(end, 1, 100000) == end);
	fflush(stdout);
	signal(SIGSEGV, refuse);
	*(int (*volatile *)(void)) & functions[0] = two;
	return 0;
}
