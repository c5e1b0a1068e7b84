/* Facts about the host: see facts.h. */
#include "host/facts.h"
#include "model/flags.h"
#include "host/tsc.h"
#include "base/file.h"

#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

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

void host_facts_read(struct host_facts *facts)
{
	struct utsname names;
	struct tsc_frequency frequency;
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
	tsc_frequency_read(&frequency, 0.02);
	facts->tsc_hz = frequency.hz;
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
