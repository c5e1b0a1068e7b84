/* Performance counters that ring 3 may read: which the CPU has, and programming them. */
#ifndef KERNEL_PMU_H
#define KERNEL_PMU_H

#include "lib/types.h"

#define PMU_COUNTERS_MAX 8

/* A CPU's general counters; RDPMC takes their numbers from 0 on. */
struct pmu {
	u32 counters;	   /* 0: there is no PMU */
	u32 select, count; /* MSRs of the first; the next ones are `stride` further */
	u32 stride;
	u32 enable; /* MSR with an enable bit for each; 0: their select registers alone decide */
};

/*
 * From CPUID's EAX, EBX, ECX, EDX: leaf 0xa on Intel's CPUs (SDM 3B, "Architectural Performance
 * Monitoring"); 0x80000001 and 0x80000022 on AMD's (APM 3 appendix E). A leaf that the CPU lacks is
 * all zeros.
 */
struct pmu pmu_of_intel(const u32 leaf_a[4]);
struct pmu pmu_of_amd(const u32 leaf_1[4], const u32 leaf_22[4]);

/*
 * "pmu=CODE,..." of a kernel line: how many, or -1 for what is no list of hexadecimal numbers. 0:
 * the word is not there.
 */
int pmu_codes_of(const char *line, u64 codes[PMU_COUNTERS_MAX]);

/*
 * Does what the kernel line asks for: counters from 0 on count the events of these codes, in
 * whatever ring the codes say, and ring 3 may read them. NULL, or why not.
 */
const char *pmu_start(void);

#endif
