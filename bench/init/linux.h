/*
 * The system calls of Linux that only init makes. Errors are negative errno values.
 */
#ifndef BENCH_INIT_LINUX_H
#define BENCH_INIT_LINUX_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/sys.h"

enum { OPEN_READ = 0, OPEN_READ_WRITE = 2 };

long linux_mkdir(const char *path);
long linux_chdir(const char *path);
long linux_mount(const char *type, const char *path);
int linux_open(const char *path, int flags);
long linux_read(int fd, void *to, size_t size);
void linux_close(int fd);
void linux_dup2(int from, int to);
long linux_fork(void);

/* The calling process is killed as soon as the one that forked it ends. */
void linux_die_with_parent(void);

/* Memory that is the same in a process and those that it forks, zeroed; NULL: there is none. */
void *linux_shared(size_t size);

/* Comes back only if it fails, with the error. */
long linux_exec(const char *path, char *const *args, char *const *environment);

/* Waits for that child, whoever else ends meanwhile; its wait status. */
int linux_wait(int child);

static inline int status_signal(int status)
{
	return status & 0x7f;
}

static inline int status_code(int status)
{
	return status >> 8 & 0xff;
}

/* "SIGSEGV"; "signal 40" from 32 on. As the core says it. */
const char *linux_signal_name(int signal);

/* The kernel's release, as uname -r prints it. */
const char *linux_release(void);

/* Lines leave as they were written: no carriage return before the newline. */
void linux_console_raw(void);

/* isa-debug-exit where there is one, else power off. */
_Noreturn void linux_end_machine(bool ok);

#endif
