/*
 * The clock of every benchmark, and the only place that knows how to fence it.
 *
 * RDTSC neither waits for what is before it nor holds back what is after it (SDM vol. 2, RDTSC), so
 * a reading stands between two LFENCEs: the first lets all earlier instructions complete, the
 * second keeps later ones from starting before the reading. LFENCE does so on Intel always and on
 * AMD once the kernel has made it dispatch-serialising, as Linux and this project's core do. Not
 * CPUID: a hypervisor intercepts it.
 */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stdint.h>

/* Assembly text: the counter in EDX:EAX. Clobbers nothing else. */
#define CLOCK_READ                                                                                 \
	"\tlfence\n"                                                                               \
	"\trdtsc\n"                                                                                \
	"\tlfence\n"

static inline uint64_t clock_now(void)
{
	uint32_t low, high;

	__asm__ volatile(CLOCK_READ : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

#endif
