/* The CPUs of this host, how busy each is, and which of them are best to measure on. */
#ifndef HOST_CPUS_H
#define HOST_CPUS_H

#include <stdbool.h>
#include <stddef.h>

struct cpu {
	int number;
	bool isolated;	/* kept free by the kernel line (isolcpus=) */
	double busy;	/* part of the time in which it ran something; NAN: unknown */
	double stolen;	/* part of the time in which the hypervisor ran others there */
	double sibling; /* the busiest other thread of its core, as `busy`; NAN: it has none */
};

/*
 * All CPUs on which this process may run, also those that it must ask for because they are isolated; watches them for
 * so many seconds (0: does not look how busy they are). Best to measure on first. Never NULL, count never 0; free it.
 */
struct cpu *cpus_read(double seconds, size_t *count);

/* Isolated ones first, then those that are idle, their sibling and the hypervisor included; else the highest number first. */
void cpus_rank(struct cpu *cpus, size_t count);

/* Keeps this thread off the CPUs, if any other is left for it. */
void cpus_avoid(const int *cpus, size_t count);

/* "0-3,8" as sysfs has it: true if the number is in it. */
bool cpu_listed(const char *list, int number);

/* Time of one CPU since the boot, in ticks, from the text of /proc/stat. False: it has no such line. */
struct cpu_time {
	double busy, stolen, all;
};
bool cpu_time_of(const char *stat, int number, struct cpu_time *time);

#endif
