/* Programs: from an archive through the loader to a first instruction in ring 3. */
#ifndef KERNEL_PROGRAM_H
#define KERNEL_PROGRAM_H

#include "file/cpio.h"
#include "lib/types.h"

struct program {
	u64 entry;
	u64 phdr, phnum; /* where ring 3 finds its program headers */
	u64 brk;	 /* first address after the last segment */
	bool stack_runs; /* it wants an executable stack */
};

/* Loads a static ELF64 into the empty address space; NULL, or what is wrong with it. */
const char *elf_load(const struct file *file, struct program *program);

/*
 * A program's arguments: words one after the other, each terminated; the first is the program's
 * path in the initrd.
 */
#define MAX_ARGUMENTS 256
struct arguments {
	char text[8192];
	u64 length;
	unsigned count;
	u16 word[MAX_ARGUMENTS]; /* where in `text` each begins */
};

/*
 * Makes the stack with which `program` starts, in its address space; the stack pointer, or 0 when
 * memory is out.
 */
u64 stack_make(const struct arguments *arguments, const struct program *program);

/* How a program ended. */
struct program_end {
	const char *error; /* why it could not be run; NULL: it ran */
	int status;	   /* its exit status */
	int signal;	   /* what killed it, or 0 */
};
struct program_end program_run(const struct arguments *arguments);

/* Runs the initrd's plan, a program a line; how many ran and how many of them failed. */
struct plan_result {
	u64 programs, failed;
	const char *error; /* the plan itself could not be run; NULL if it could */
};
struct plan_result plan_run(void);

#endif
