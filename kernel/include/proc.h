/* Programs: from an archive through the loader to a first instruction in ring 3. */
#ifndef KERNEL_PROC_H
#define KERNEL_PROC_H

#include "types.h"

/* A file of the initrd, in place. */
struct file {
	const u8 *data;
	u64 size;
};

/* Checks a whole newc archive (or several in a row); NULL, or what is wrong with it. */
const char *cpio_check(const u8 *archive, u64 size);

/* The regular file of that name in a checked archive; the last one of several wins, as on Linux. */
bool cpio_find(const u8 *archive, u64 size, const char *name, struct file *file);

struct program {
	u64 entry;
	u64 phdr, phnum; /* where ring 3 finds its program headers */
	u64 brk;	 /* first address after the last segment */
};

/* Loads a static ELF64 into the empty address space; NULL, or what is wrong with it. */
const char *elf_load(const struct file *file, struct program *program);

/* Runs the initrd's plan, a program a line; how many ran and how many of them failed. */
struct plan_result {
	u64 programs, failed;
	const char *error; /* the plan itself could not be run; NULL if it could */
};
struct plan_result plan_run(void);

#endif
