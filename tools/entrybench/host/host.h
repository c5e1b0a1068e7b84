/* This computer: CPUs, clock, counters, and what to think of them. */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include <linux/perf_event.h>

#include "model/model.h"

/* Whether other threads use a core, as seen from inside: the only way in a virtual machine. */
struct core_share {
	double adders; /* independent adds a core cycle at best */
	double part;   /* of the time in which there were fewer; NAN: could not look */
};

/* Times independent against dependent adds (bench/harness/adds.h) on a CPU for so many seconds. */
void core_share_read(struct core_share *share, int cpu, double seconds);

/* Looks, for at most so long, until the core is as calm as ever in this call. The seconds taken. */
double core_share_wait(int cpu, double seconds);

/* From core cycles of an independent add in many short looks, in any order. */
struct core_share core_share_of(const double *looks, size_t count);

/* The CPUs of this host, how busy each is, and which of them are best to measure on. */
struct cpu {
	int number;
	bool isolated;	/* kept free by the kernel line (isolcpus=) */
	double busy;	/* part of the time in which it ran something; NAN: unknown */
	double stolen;	/* part of the time in which the hypervisor ran others there */
	double sibling; /* the busiest other thread of its core, as `busy`; NAN: it has none */
};

/*
 * All CPUs on which this process may run, also those that it must ask for because they are
 * isolated; watches them for so many seconds (0: does not look how busy they are). Best to measure
 * on first. Never NULL, count never 0; free it.
 */
struct cpu *cpus_read(double seconds, size_t *count);

/* Isolated ones first, then idle ones (siblings and hypervisor included), then high numbers. */
void cpus_rank(struct cpu *cpus, size_t count);

/* Keeps this thread off the CPUs, if any other is left for it. */
void cpus_avoid(const int *cpus, size_t count);

/* "0-3,8" as sysfs has it: true if the number is in it. */
bool cpu_listed(const char *list, int number);

/* Ticks of one CPU since boot, from /proc/stat. False: it has no such line. */
struct cpu_time {
	double busy, stolen, all;
};
bool cpu_time_of(const char *stat, int number, struct cpu_time *time);

#define CPU_FOLDER "/sys/devices/system/cpu"

/* What this host is, from sysfs and procfs: read only, nothing is changed. */

/* Fills in what can be found; facts is zeroed or filled before. */
void host_facts_read(struct host_facts *facts);

/* A small file of the host, or its first line; "" where there is none. Free it. */
char *host_file(const char *path);
char *host_file_line(const char *path);

/* Performance events by libpfm4's names, as Linux and as the hardware encode them. */
#define PMU_EVENTS_MAX 8

struct pmu_event {
	char *name; /* as given */
	struct perf_event_attr attr;
	uint64_t code; /* for the counter's select register; 0: it has none, or more than one */
};

struct pmu_events {
	struct pmu_event at[PMU_EVENTS_MAX];
	size_t count;
};

/*
 * Adds the events of a list "NAME[:MODIFIER...],..."; :u counts in ring 3 only, :k in ring 0 only,
 * neither in both. NAME is one of the CPU's or of Linux' events as libpfm4 has them; PMU::NAME says
 * of which. -1 with error set.
 */
int pmu_parse(const char *list, struct pmu_events *events, struct error *error);
void pmu_events_free(struct pmu_events *events);

/* NULL where Linux can count core cycles, else "no PMU on this machine: ..." with the reason. */
const char *pmu_missing(void);

/* Can Linux count all of them here, at the same time? 0, or -1 with error set. */
int pmu_check(const struct pmu_events *events, struct error *error);

/*
 * The value of a benchmark's option --pmu where Linux counts:
 * "linux:TYPE.CONFIG.CONFIG1.CONFIG2.RINGS,...", numbers in hexadecimal, RINGS one of u, k, uk.
 * Free it.
 */
char *pmu_option_linux(const struct pmu_events *events);

/* The core's counters: "CODE,..." in hexadecimal. NULL with error: no such code. Free it. */
char *pmu_codes(const struct pmu_events *events, struct error *error);

/* The host's time stamp counter: its frequency by several sources, and how it behaves. */

/* Who can tell the frequency without measuring, most trustworthy first. */
enum tsc_source {
	TSC_FROM_CRYSTAL,    /* CPUID leaf 0x15: crystal and ratio (SDM vol. 2, CPUID) */
	TSC_FROM_HYPERVISOR, /* CPUID leaf 0x40000010, in kHz, where a hypervisor has it */
	/* what Linux converts ticks to time with (perf_event_open(2), time_mult) */
	TSC_FROM_KERNEL,
	/* two delay loops a tick in /proc/cpuinfo, which Linux times by the TSC */
	TSC_FROM_BOGOMIPS,
	TSC_FROM_BASE, /* leaf 0x15's ratio with leaf 0x16's base frequency in MHz: rounded */
	TSC_SOURCES,
};

struct tsc_frequency {
	double told[TSC_SOURCES]; /* Hz; NAN: that source says nothing */
	double measured;	  /* against CLOCK_MONOTONIC_RAW */
	double hz;		  /* the first that is told, else measured */
};

/* A phrase like "the kernel", and what it tells: Hz; NAN: nothing. */
extern const struct tsc_teller {
	const char *name;
	double (*told)(void);
} tsc_tellers[TSC_SOURCES];

/* Takes `seconds` to measure; the error is about 100 ns of these. */
void tsc_frequency_read(struct tsc_frequency *frequency, double seconds);

/* The first source that is off by more than `parts` of measured; TSC_SOURCES: all agree. */
enum tsc_source tsc_disagreement(const struct tsc_frequency *frequency, double parts);

/* From a CPUID leaf's registers in the order EAX, EBX, ECX, EDX; NAN: it does not say. */
double tsc_hz_of_leaf_15(const uint32_t leaf_15[4]);
double tsc_hz_of_leaf_16(const uint32_t leaf_15[4], const uint32_t leaf_16[4]);
double tsc_hz_of_leaf_40000010(const uint32_t leaf[4]);

/* Text of /proc/cpuinfo. */
double tsc_hz_of_bogomips(const char *cpuinfo);

/* ns = ticks * mult >> shift, as perf_event_open(2) has it. NAN where mult is 0. */
double tsc_hz_of_conversion(uint32_t mult, uint16_t shift);

struct tsc_behaviour {
	bool invariant; /* same rate in all power states: APM vol. 3, CPUID 0x80000007 EDX bit 8 */
	uint64_t step;	/* greatest common divisor of many differences; 0: it stands still */
	uint64_t backwards;    /* readings on one CPU that were less than the one before */
	uint64_t out_of_order; /* the same after a move from one CPU to another */
};

/* Looks at it on all CPUs that this thread may use, and restores its affinity. */
void tsc_watch(struct tsc_behaviour *behaviour);

/* What makes figures better or worse on this host. Only read, never changed. */
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

/* A key's value in /proc/cpuinfo's text, of the first CPU; "" if absent. Free it. */
char *cpuinfo_value(const char *cpuinfo, const char *key);

/* A word of the flags there. */
bool cpuinfo_has(const char *cpuinfo, const char *flag);

/* Takes a warning of `doctor`: its code, as JSON has it, and phrases without a dot. */
typedef void host_warn_fn(void *context, const char *code, const char *text, const char *remedy);

/* Reports what the host's state means for figures and what to do; each code at most once. */
void host_judge(const struct host_facts *facts, const struct host_state *state, host_warn_fn *warn,
		void *context);

#endif
