/* The state of the host as far as it makes figures better or worse, for judge.h. Reads only, changes nothing. */
#ifndef HOST_STATE_H
#define HOST_STATE_H

#include "host/core_share.h"
#include "host/cpus.h"
#include "host/tsc.h"

struct host_state {
	struct cpu *cpus; /* best to measure on first */
	size_t cpu_count;
	char *boost; /* "on", "off"; "": not told */
	char *clocksource;
	struct tsc_frequency frequency;
	struct tsc_behaviour tsc;
	struct core_share core; /* of the first of the CPUs */
	bool hypervisor;	/* this host is itself a virtual machine */
	bool kvm;		/* there is /dev/kvm */
	bool kvm_hardware;	/* and the CPU has what makes it fast */
	bool realtime;		/* programs may be given real-time priority */
	const char *no_pmu;	/* why there is none; NULL: there is one */
};

/* Watches the CPUs and the clock for so many seconds. */
void host_state_read(struct host_state *state, double seconds);
void host_state_free(struct host_state *state);

/* A word of the flags in the text of /proc/cpuinfo. */
bool cpuinfo_has(const char *cpuinfo, const char *flag);

#endif
