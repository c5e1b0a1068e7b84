/* Programs: from an archive through the loader to a first instruction in ring 3. */
#ifndef KERNEL_PROC_H
#define KERNEL_PROC_H

#include "signal.h"
#include "time.h"
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

/*
 * What has the path *path (`length` bytes, no slash at either end): a file, or a directory that is an entry itself or the
 * beginning of another's name. *path then points to it in the archive.
 */
enum cpio_kind { CPIO_NOTHING, CPIO_FILE, CPIO_DIRECTORY };
enum cpio_kind cpio_look(const u8 *archive, u64 size, const char **path, size_t length,
			 struct file *file);

struct program {
	u64 entry;
	u64 phdr, phnum; /* where ring 3 finds its program headers */
	u64 brk;	 /* first address after the last segment */
	bool entry_runs; /* the entry point lies in code */
	bool stack_runs; /* it wants an executable stack */
};

/* Loads a static ELF64 into the empty address space; NULL, or what is wrong with it. */
const char *elf_load(const struct file *file, struct program *program);

/* A program's arguments: words one after the other, each terminated; the first is the program's path in the initrd. */
#define MAX_ARGUMENTS 256
struct arguments {
	char text[8192];
	u64 length;
	unsigned count;
	u16 word[MAX_ARGUMENTS]; /* where in `text` each begins */
};

/* Makes the stack with which `program` starts, in its address space; the stack pointer, or 0 when memory is out. */
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

/* The process: what the threads of the one program that runs have in common. */
#define PROCESS_ID 100
#define PARENT_ID  0 /* as in a container: outside */
#define LIMITS	   16

#define INTERVAL_TIMERS 3
struct interval_timer {
	struct timer timer;
	u64 due; /* by its own clock; 0: off */
	u64 interval;
};

struct process {
	const char *name; /* the program's path in the initrd */
	u64 brk_start, brk;
	u64 random; /* state of getrandom */
	struct limit {
		u64 now, most;
	} limits[LIMITS];
	struct signal_action actions[SIGNALS]; /* [n - 1]: signal n's */
	struct signal_pending pending;	       /* sent to the process, not to one task */
	struct interval_timer interval_timers[INTERVAL_TIMERS];
	u64 cpu_ns; /* of all tasks, in finished turns */
	u64 minor_faults;
};
extern struct process process;

void limits_reset(void);

/* Tells the host which system calls the program missed, and forgets them (syscall/missing.c). */
void missing_report(void);

#endif
