/* The time stamp counter of this host. */
#include "host/host.h"

#include <cpuid.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

enum { EAX, EBX, ECX, EDX };

#define HYPERVISOR_BIT	(1u << 31) /* leaf 1, ECX */
#define HYPERVISOR_LEAF 0x40000000u
#define TIMING_LEAF	0x40000010u
#define INVARIANT_LEAF	0x80000007u
#define INVARIANT_BIT	(1u << 8)
#define READINGS	1000
#define CLOCK_TRIES	40

static uint64_t now(void)
{
	uint64_t ticks;

	_mm_lfence();
	ticks = __rdtsc();
	_mm_lfence();
	return ticks;
}

double tsc_hz_of_leaf_15(const uint32_t leaf[4])
{
	if (!leaf[EAX] || !leaf[EBX] || !leaf[ECX])
		return NAN;
	return (double)leaf[ECX] * leaf[EBX] / leaf[EAX];
}

/*
 * Without the crystal, the ratio alone says that there is one, and that the TSC runs at the base
 * frequency (SDM vol. 3, "Determining the Processor Base Frequency").
 */
double tsc_hz_of_leaf_16(const uint32_t leaf_15[4], const uint32_t leaf_16[4])
{
	if (!leaf_15[EAX] || !leaf_15[EBX] || !(leaf_16[EAX] & 0xffff))
		return NAN;
	return (leaf_16[EAX] & 0xffff) * 1e6;
}

double tsc_hz_of_leaf_40000010(const uint32_t leaf[4])
{
	return leaf[EAX] ? leaf[EAX] * 1e3 : NAN;
}

double tsc_hz_of_conversion(uint32_t mult, uint16_t shift)
{
	return mult ? ldexp(1e9, shift) / mult : NAN;
}

static void cpuid(uint32_t leaf, uint32_t registers[4])
{
	memset(registers, 0, 4 * sizeof(*registers));
	__get_cpuid_count(leaf, 0, &registers[EAX], &registers[EBX], &registers[ECX],
			  &registers[EDX]);
}

/* __get_cpuid() knows no leaves from 0x40000000 on. */
static double told_by_hypervisor(void)
{
	uint32_t leaf[4];

	cpuid(1, leaf);
	if (!(leaf[ECX] & HYPERVISOR_BIT))
		return NAN;
	__cpuid(HYPERVISOR_LEAF, leaf[EAX], leaf[EBX], leaf[ECX], leaf[EDX]);
	if (leaf[EAX] < TIMING_LEAF || leaf[EAX] > HYPERVISOR_LEAF + 0xff)
		return NAN;
	__cpuid(TIMING_LEAF, leaf[EAX], leaf[EBX], leaf[ECX], leaf[EDX]);
	return tsc_hz_of_leaf_40000010(leaf);
}

/* The first page of any event, here of one that counts nothing, holds the kernel's conversion. */
static double told_by_kernel(void)
{
	struct perf_event_attr event = {.type = PERF_TYPE_SOFTWARE,
					.size = sizeof(event),
					.config = PERF_COUNT_SW_DUMMY,
					.exclude_kernel = 1,
					.exclude_hv = 1};
	long size = sysconf(_SC_PAGESIZE);
	int fd = (int)syscall(SYS_perf_event_open, &event, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	const struct perf_event_mmap_page *page;
	double hz = NAN;

	if (fd < 0)
		return NAN;
	page = mmap(NULL, (size_t)size, PROT_READ, MAP_SHARED, fd, 0);
	if (page != MAP_FAILED && page->cap_user_time)
		hz = tsc_hz_of_conversion(page->time_mult, page->time_shift);
	if (page != MAP_FAILED)
		munmap((void *)page, (size_t)size);
	close(fd);
	return hz;
}

double tsc_hz_of_bogomips(const char *cpuinfo)
{
	g_autofree char *text = cpuinfo_value(cpuinfo, "bogomips");
	double value = g_ascii_strtod(text, NULL);

	return value > 0 ? value / 2 * 1e6 : NAN;
}

static double told_by_bogomips(void)
{
	g_autofree char *text = host_file("/proc/cpuinfo");

	return tsc_hz_of_bogomips(text);
}

static double told_by_crystal(void)
{
	uint32_t leaf[4];

	cpuid(0x15, leaf);
	return tsc_hz_of_leaf_15(leaf);
}

static double told_by_base(void)
{
	uint32_t leaf_15[4], leaf_16[4];

	cpuid(0x15, leaf_15);
	cpuid(0x16, leaf_16);
	return tsc_hz_of_leaf_16(leaf_15, leaf_16);
}

const struct tsc_teller tsc_tellers[] = {
    [TSC_FROM_CRYSTAL] = {"CPUID leaf 0x15", told_by_crystal},
    [TSC_FROM_HYPERVISOR] = {"the hypervisor", told_by_hypervisor},
    [TSC_FROM_KERNEL] = {"the kernel", told_by_kernel},
    [TSC_FROM_BOGOMIPS] = {"the kernel's BogoMIPS", told_by_bogomips},
    [TSC_FROM_BASE] = {"CPUID leaf 0x16", told_by_base},
};

/* A clock reading with the TSC's beside it: the one of a few that took the least time. */
static void read_both(double *seconds, double *ticks, uint64_t first)
{
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < CLOCK_TRIES; i++) {
		uint64_t before = now(), after;
		struct timespec time;

		clock_gettime(CLOCK_MONOTONIC_RAW, &time);
		after = now();
		if (after - before >= best)
			continue;
		best = after - before;
		*seconds = (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
		*ticks = (double)(before - first) + (double)best / 2;
	}
}

static double measure(double pause)
{
	double seconds[2] = {0}, ticks[2] = {0};
	uint64_t first = now();

	read_both(&seconds[0], &ticks[0], first);
	g_usleep((gulong)(pause * G_USEC_PER_SEC));
	read_both(&seconds[1], &ticks[1], first);
	return (ticks[1] - ticks[0]) / (seconds[1] - seconds[0]);
}

void tsc_frequency_read(struct tsc_frequency *frequency, double seconds)
{
	frequency->measured = measure(seconds);
	frequency->hz = NAN;
	for (enum tsc_source i = 0; i < TSC_SOURCES; i++) {
		frequency->told[i] = tsc_tellers[i].told();
		if (isnan(frequency->hz))
			frequency->hz = frequency->told[i];
	}
	if (isnan(frequency->hz))
		frequency->hz = frequency->measured;
}

enum tsc_source tsc_disagreement(const struct tsc_frequency *frequency, double parts)
{
	for (enum tsc_source i = 0; i < TSC_SOURCES; i++)
		/* Not so where one is NAN. */
		if (fabs(frequency->told[i] - frequency->measured) > parts * frequency->measured)
			return i;
	return TSC_SOURCES;
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
	while (b) {
		uint64_t rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}

/* A nop now and then makes differences odd and even where a tick is short. */
static void watch_one(struct tsc_behaviour *behaviour)
{
	uint64_t last = now();

	for (int i = 0; i < READINGS; i++) {
		uint64_t next;

		if (i & 1)
			__asm__ volatile("nop");
		next = now();
		behaviour->backwards += next < last;
		behaviour->step =
		    common_divisor(behaviour->step, next < last ? last - next : next - last);
		last = next;
	}
}

/* Every CPU twice, one after the other: each move must find a later time. */
static void watch_moves(struct tsc_behaviour *behaviour, const cpu_set_t *all)
{
	uint64_t last = now();

	for (int i = 0; i < 2 * CPU_SETSIZE; i++) {
		int cpu = i % CPU_SETSIZE;

		if (!CPU_ISSET(cpu, all) || !cpu_pin(0, cpu, NULL))
			continue;
		behaviour->out_of_order += now() < last;
		if (i < CPU_SETSIZE)
			watch_one(behaviour);
		last = now();
	}
}

void tsc_watch(struct tsc_behaviour *behaviour)
{
	uint32_t leaf[4];
	cpu_set_t all;

	*behaviour = (struct tsc_behaviour){0};
	cpuid(INVARIANT_LEAF, leaf);
	behaviour->invariant = leaf[EDX] & INVARIANT_BIT;
	if (sched_getaffinity(0, sizeof(all), &all)) {
		watch_one(behaviour);
		return;
	}
	watch_moves(behaviour, &all);
	sched_setaffinity(0, sizeof(all), &all);
}
