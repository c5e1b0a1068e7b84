/* A child in a process group of its own, whose output comes through a pipe or a pseudo-terminal. */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/memory.h"

struct launch {
	struct strings argv;
	bool terminal;	/* the program wants a terminal: give it a pseudo-terminal */
	int cpu;	/* run on this CPU only; -1: wherever the tool runs */
	bool realtime;	/* ahead of everything else on its CPU, where the tool may ask for that */
	double timeout; /* seconds of CPU time after which the kernel ends a realtime program */
};

struct process {
	pid_t pid;  /* also its group's; 0: none */
	int output; /* non-blocking; -1: closed */
	int status; /* of waitpid(), once finished */
};

/* Orphans of a guest become the tool's children, so that none stays behind as a zombie. */
void process_adopt_orphans(void);

/* 0, or -1 with error set: nothing was started then. stdin is /dev/null, stderr goes with stdout. */
int process_start(struct process *process, const struct launch *command, struct error *error);

/* Bytes read; 0: nothing now; -1: the output is at its end, and closed. */
ssize_t process_read(struct process *process, void *buffer, size_t size);

/* True once the child itself has ended; never waits. */
bool process_ended(struct process *process);

/* Kills what there is of the group, reaps it, closes the output. */
void process_finish(struct process *process);

/* CLOCK_MONOTONIC. */
double clock_seconds(void);

#endif
