/* The process: what the threads of the one program that runs have in common. */
#ifndef KERNEL_PROCESS_H
#define KERNEL_PROCESS_H

#include "file/cpio.h"
#include "lib/types.h"
#include "signal/signal.h"
#include "time/time.h"

#define PROCESS_ID    100
#define PARENT_ID     0 /* as in a container: outside */
#define LIMITS	      16
#define RLIMIT_STACK  3
#define RLIMIT_NOFILE 7

#define INTERVAL_TIMERS 3
struct interval_timer {
	struct timer timer;
	u64 due; /* by its own clock; 0: off */
	u64 interval;
};

struct process {
	const char *name; /* the program's path in the initrd */
	struct file file; /* and what it holds */
	u32 umask;
	u32 parent_death_signal; /* prctl's, as the next two */
	u8 dumpable;
	bool no_new_privileges;
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

/* Random bytes to ring 3: how many, or -EFAULT. */
s64 random_to_user(u64 to, u64 n);

#endif
