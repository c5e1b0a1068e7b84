/* Facts about the host: see facts.h. */
#include "host/facts.h"
#include "model/flags.h"
#include "util/file.h"

#include <cpuid.h>
#include <dirent.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <x86intrin.h>

#define CPU_FOLDER "/sys/devices/system/cpu"

/* The first line of a small file, "" where there is none. Free it. */
static char *first_line(const char *path)
{
	char *text = file_read(path, NULL, NULL);

	if (!text)
		return memory_copy("");
	text[strcspn(text, "\n")] = 0;
	return text;
}

static void read_into(char **string, const char *path)
{
	char *text = first_line(path);

	run_set(string, text);
	free(text);
}

/* The value behind "key :" in /proc/cpuinfo, of the first CPU. */
static void cpuinfo_value(const char *key, char **string)
{
	char *text = file_read("/proc/cpuinfo", NULL, NULL), *line, *save = NULL;

	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		char *colon = strchr(line, ':');
		size_t size = strlen(key);

		if (colon && colon[1] == ' ' && !strncmp(line, key, size) &&
		    (line[size] == '\t' || line[size] == ' ')) {
			run_set(string, colon + 2);
			break;
		}
	}
	free(text);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct pair *)a)->name, ((const struct pair *)b)->name);
}

static void read_mitigations(struct pairs *mitigations)
{
	DIR *folder = opendir(CPU_FOLDER "/vulnerabilities");
	const struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		char *path, *value;

		if (entry->d_name[0] == '.')
			continue;
		path = memory_format(CPU_FOLDER "/vulnerabilities/%s", entry->d_name);
		value = first_line(path);
		pairs_add(mitigations, entry->d_name, value);
		free(value);
		free(path);
	}
	if (folder)
		closedir(folder);
	if (mitigations->count)
		qsort(mitigations->at, mitigations->count, sizeof(*mitigations->at), by_name);
}

/* From the crystal's frequency and the TSC's ratio to it (SDM vol. 2, CPUID leaf 0x15); NAN: not told. */
static double told_tsc_hz(void)
{
	unsigned denominator, numerator, crystal, unused;

	if (!__get_cpuid(0x15, &denominator, &numerator, &crystal, &unused) || !denominator ||
	    !numerator || !crystal)
		return NAN;
	return (double)crystal * numerator / denominator;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_RAW, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* A clock reading with the TSC's beside it: the one of a few that took the least time. */
static void read_both(double *time, double *ticks)
{
	unsigned long long best = ~0ULL;

	for (int i = 0; i < 20; i++) {
		unsigned long long before = __rdtsc();
		double now = seconds();
		unsigned long long after = __rdtsc();

		if (after - before >= best)
			continue;
		best = after - before;
		*time = now;
		*ticks = (double)before + (double)best / 2;
	}
}

static double measured_tsc_hz(void)
{
	double time[2] = {0, 0}, ticks[2] = {0, 0};
	struct timespec pause = {.tv_nsec = 20000000};

	read_both(&time[0], &ticks[0]);
	nanosleep(&pause, NULL);
	read_both(&time[1], &ticks[1]);
	return round((ticks[1] - ticks[0]) / (time[1] - time[0]) / 1e4) * 1e4;
}

void host_facts_read(struct host_facts *facts)
{
	struct utsname names;
	double told = told_tsc_hz();
	unsigned count;

	cpuinfo_value("model name", &facts->cpu);
	cpuinfo_value("microcode", &facts->microcode);
	if (!uname(&names)) {
		char *kernel = memory_format("%s %s", names.sysname, names.release);

		run_set(&facts->kernel, kernel);
		free(kernel);
	}
	read_into(&facts->governor, CPU_FOLDER "/cpu0/cpufreq/scaling_governor");
	read_into(&facts->smt, CPU_FOLDER "/smt/control");
	pairs_free(&facts->mitigations);
	read_mitigations(&facts->mitigations);
	facts->tsc_hz = isnan(told) ? measured_tsc_hz() : told;
	free(host_cpus(&count));
	facts->cpus = count;
}

int *host_cpus(unsigned *count)
{
	int *cpus = memory_new(CPU_SETSIZE, sizeof(*cpus));
	cpu_set_t set;

	*count = 0;
	CPU_ZERO(&set);
	sched_getaffinity(0, sizeof(set), &set);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &set))
			cpus[(*count)++] = cpu;
	if (!*count)
		cpus[(*count)++] = 0;
	return cpus;
}

static bool cpu_flag(const char *flag)
{
	char *flags = memory_copy(""), *padded, *wanted = memory_format(" %s ", flag);
	bool found;

	cpuinfo_value("flags", &flags);
	padded = memory_format(" %s ", flags);
	found = strstr(padded, wanted);
	free(padded);
	free(wanted);
	free(flags);
	return found;
}

void host_warnings(const struct host_facts *facts, struct strings *warnings)
{
	if (facts->cpus < 2)
		strings_add(warnings, "only one CPU: guests on silicon share it with everything "
				      "else; give this host a second one");
	if (!cpu_flag("constant_tsc") || !cpu_flag("nonstop_tsc"))
		strings_add(warnings, "the TSC is not invariant (constant_tsc, nonstop_tsc): "
				      "cycles are no measure of time here");
	if (facts->governor[0] && strcmp(facts->governor, "performance"))
		strings_addf(warnings, "CPU governor is %s: cpupower frequency-set -g performance",
			     facts->governor);
	if (!strcmp(facts->smt, "on"))
		strings_add(warnings, "SMT is on: a busy sibling disturbs; echo off > "
				      "/sys/devices/system/cpu/smt/control");
	if (cpu_flag("hypervisor"))
		strings_add(warnings, "this host is itself a virtual machine: others may take its "
				      "CPUs away at any time");
}
