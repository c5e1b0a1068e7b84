/* The time stamp counter of this host: how fast it runs, according to whom, and how well it behaves. */
#ifndef HOST_TSC_H
#define HOST_TSC_H

#include <stdbool.h>
#include <stdint.h>

/* Who can tell the frequency without measuring, most trustworthy first. */
enum tsc_source {
	TSC_FROM_CRYSTAL,    /* CPUID leaf 0x15: crystal and ratio (SDM vol. 2, CPUID) */
	TSC_FROM_HYPERVISOR, /* CPUID leaf 0x40000010, in kHz, where a hypervisor has it */
	TSC_FROM_KERNEL, /* what Linux converts ticks to time with (perf_event_open(2), time_mult) */
	TSC_FROM_BOGOMIPS, /* two delay loops a tick in /proc/cpuinfo, which Linux times by the TSC */
	TSC_FROM_BASE,	   /* leaf 0x15's ratio with leaf 0x16's base frequency in MHz: rounded */
	TSC_SOURCES,
};

struct tsc_frequency {
	double told[TSC_SOURCES]; /* Hz; NAN: that source says nothing */
	double measured;	  /* against CLOCK_MONOTONIC_RAW */
	double hz;		  /* the first that is told, else measured */
};

/* A phrase like "the kernel". */
const char *tsc_source_name(enum tsc_source source);

/* Takes `seconds` to measure; the error is about 100 ns of these. */
void tsc_frequency_read(struct tsc_frequency *frequency, double seconds);

/* NAN where the source says nothing. */
double tsc_told(enum tsc_source source);

/* hz and the first source that is off by more than `parts` of it; TSC_SOURCES: all agree with the measured one. */
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

/* Looks at it on all CPUs that this thread may run on; the thread's affinity is as before afterwards. */
void tsc_watch(struct tsc_behaviour *behaviour);

#endif
